using System.Globalization;
using System.Text.RegularExpressions;

namespace NetGen.Package.Tests;

/// <summary>`dotnet new netgen` from the package: the kind that getting started does not make, which <see cref="GuideTests"/> do.</summary>
[Collection(PackageCollection.Name)]
public sealed partial class TemplateTests(PackedNetGen package)
{
    /// <summary>For the oldest framework, under a name that no namespace can have.</summary>
    [Fact]
    public async Task TheTableLearnsAndItsTestsPass()
    {
        string folder = package.NewFolder();
        var environment = new Dictionary<string, string>
        {
            ["DOTNET_CLI_HOME"] = Path.Combine(folder, "home"),
            // The runtime of .NET 8 need not be here.
            ["DOTNET_ROLL_FORWARD"] = "Major",
        };
        await Dotnet("new", "install", package.TemplatesPackagePath);
        await Dotnet("new", "netgen", "-o", "Air-1", "--kind", "table", "--framework", "net8.0");
        string[] files = [.. Directory.EnumerateFiles(Path.Combine(folder, "Air-1"), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Path.Combine(folder, "Air-1"), file).Replace('\\', '/')).Order(StringComparer.Ordinal)];
        Assert.Equal(
            [
                ".gitignore", "Air-1.Tests/Air-1.Tests.csproj", "Air-1.Tests/AirNetTests.cs", "Air-1.slnx", "Air-1/Air-1.csproj",
                "Air-1/AirNet.cs", "Air-1/Program.cs", "Air-1/Table.cs", "Air-1/Training.cs", "Air-1/air.csv", "Directory.Build.props",
            ], files);
        Assert.Contains($"<PackageReference Include=\"NetGen\" Version=\"{package.Version}\" />",
            await File.ReadAllTextAsync(Path.Combine(folder, "Air-1", "Air-1", "Air-1.csproj")), StringComparison.Ordinal);

        // The densities are from 1.0 to 1.5, and measured to 0.002.
        string output = (await Dotnet("run", "--project", "Air-1/Air-1")).Output;
        Assert.InRange(Number(Error().Match(output)), 0.001, 0.006);
        Assert.InRange(Number(Density().Match(output)), 1.1989 - 0.01, 1.1989 + 0.01);
        Assert.True(File.Exists(Path.Combine(folder, "air.safetensors")));
        string tests = (await Dotnet("test", "Air-1/Air-1.Tests")).Output;
        Assert.Matches(@"Passed!\s+- Failed:\s+0, Passed:\s+2", tests);
        Assert.DoesNotContain("warning", output + tests, StringComparison.OrdinalIgnoreCase);

        async Task<Outcome> Dotnet(params string[] arguments)
            => (await NetGen.Package.Tests.Dotnet.Start(folder, environment, arguments)).Successful();
    }

    private static double Number(Match match) => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"off by (\d\.\d+)")]
    private static partial Regex Error();

    [GeneratedRegex(@"humidity: (\d\.\d+) kg")]
    private static partial Regex Density();
}
