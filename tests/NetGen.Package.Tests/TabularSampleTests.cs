using System.Globalization;
using System.Text.RegularExpressions;

namespace NetGen.Package.Tests;

/// <summary>Runs samples/16-Tabular as a user would.</summary>
public sealed partial class TabularSampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("netgen-tabular-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A few epochs explain most of the variance, and what was learned judges states of the grid in a later run.</summary>
    [Fact]
    public async Task LearnsAndJudgesStatesOfTheGrid()
    {
        string output = (await Sample("--epochs", "8", "--seed", "2")).Successful().Output;
        Assert.Contains("7,000 rows to learn from, 1,500 to choose by, 1,500 to test on", output, StringComparison.Ordinal);
        Assert.InRange(double.Parse(Score().Match(output).Groups[1].Value, CultureInfo.InvariantCulture), 0.85, 0.99);

        // The table's first two rows, and what is wrong with a third.
        Assert.Contains(": unstable", (await Judge("tau1=2.959,tau2=3.0799,tau3=8.381,tau4=9.7808,p1=3.7631,p2=-0.7826,p3=-1.2574,"
            + "p4=-1.7231,g1=0.65,g2=0.8596,g3=0.8874,g4=0.958")).Successful().Output, StringComparison.Ordinal);
        var missing = await Judge("tau1=2.959");
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("column 'tau2': the number is missing", missing.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--epochs", "0", 2, "--epochs 0: expected a whole number of at least 1.")]
    [InlineData("--save", "nowhere/tabular.safetensors", 1, "nowhere")]
    public async Task WhatIsWrongIsNamed(string name, string value, int exitCode, string part)
    {
        var run = await Sample(name, value);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(part, run.Output, StringComparison.Ordinal);
    }

    private Task<Outcome> Judge(string row) => Sample("--load", "--row", row);

    private Task<Outcome> Sample(params string[] arguments)
        => Dotnet.Run(_folder, [Repository.Sample("16-Tabular", "tabular"), .. arguments]);

    [GeneratedRegex(@"test R² (\d\.\d+)")]
    private static partial Regex Score();
}
