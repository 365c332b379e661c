using System.Globalization;
using System.Text.RegularExpressions;

namespace NetGen.Package.Tests;

/// <summary>Runs samples/05-Filters as a user would.</summary>
public sealed partial class FiltersSampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("netgen-filters-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    public async Task FiltersConvolveAndTheEdgeKernelIsLearned(string seed)
    {
        string output = (await Dotnet.Run(_folder, Repository.Filters, "--seed", seed)).Successful().Output;

        // Turned, the layer does what the definition says; as it is, it does that for a symmetric kernel only.
        var differences = Difference().Matches(output);
        Assert.Equal(2, differences.Count);
        Assert.All(differences, match => Assert.InRange(Number(match, 1), 0, 1e-5));
        Assert.True(Number(differences[0], 2) > 1);
        Assert.Equal(0, Number(differences[1], 2), 0.01);

        // The kernel with 8 in the middle outlines; the one with 9 sharpens, by just that outline.
        var sharpened = Sharpened().Match(output);
        Assert.True(sharpened.Success, output);
        Assert.Equal((0, 1), (Number(sharpened, 1), Number(sharpened, 2)));
        Assert.InRange(Number(sharpened, 3), 0, 1e-5);

        var kernels = Kernel().Matches(output);
        Assert.Equal(10, kernels.Count);
        // Where it starts from decides how near ten steps come.
        Assert.Equal(0.99, Number(kernels[9], 1), 0.12);
        Assert.Equal(-0.98, Number(kernels[9], 2), 0.12);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await File.ReadAllBytesAsync(Path.Combine(_folder, "filters.png"))).Take(4));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(_folder, "logs")));
    }

    [Fact]
    public async Task TakesAPictureOfYourOwnAndNamesABrokenOne()
    {
        // What the sample draws is a picture, too.
        (await Dotnet.Run(_folder, Repository.Filters, "--picture", "first.png")).Successful();
        (await Dotnet.Run(_folder, Repository.Filters, "--image", "first.png", "--picture", "second.png")).Successful();
        byte[] first = await File.ReadAllBytesAsync(Path.Combine(_folder, "first.png")),
            second = await File.ReadAllBytesAsync(Path.Combine(_folder, "second.png"));
        Assert.NotEqual(first, second);

        await File.WriteAllBytesAsync(Path.Combine(_folder, "cut.png"), first[..1000]);
        var run = await Dotnet.Run(_folder, Repository.Filters, "--image", "cut.png");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("cut.png: at byte 33: chunk IDAT tells of", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--image", "nowhere.png", 1, "nowhere.png")]
    [InlineData("--seed", "-1", 2, "--seed -1: expected a whole number of 0 or more.")]
    [InlineData("--colour", "blue", 2, "Unrecognized command or argument '--colour'.")]
    public async Task WhatIsWrongIsNamed(string name, string value, int exitCode, string part)
    {
        var run = await Dotnet.Run(_folder, Repository.Filters, name, value);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(part, run.Output, StringComparison.Ordinal);
    }

    private static double Number(Match match, int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"differ by (\S+) at most; turning changes up to (\d+\.\d+)\.")]
    private static partial Regex Difference();

    [GeneratedRegex(@"outline add up to (\d), .* to (\d), .* but for (\S+)\.\r?\n")]
    private static partial Regex Sharpened();

    [GeneratedRegex(@"kernel \[(-?\d\.\d+), (-?\d\.\d+)\]")]
    private static partial Regex Kernel();
}
