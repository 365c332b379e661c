using System.Globalization;
using System.Text.RegularExpressions;

namespace NetGen.Package.Tests;

/// <summary>Runs samples/01-MnistConvNet as a user would, its output redirected.</summary>
public sealed partial class SampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("netgen-sample-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task TrainsOnTheEmbeddedImages()
    {
        var run = (await Sample("--data", "embedded", "--epochs", "2", "--save", "net.safetensors")).Successful();

        Assert.Contains("embedded subset of Fashion-MNIST", run.Output, StringComparison.Ordinal);
        Assert.Contains("5,000 training images, 1,000 test images", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', run.Output);

        var accuracies =
            TestAccuracy().Matches(run.Output).Select(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(2, accuracies.Length);
        Assert.InRange(accuracies[1], 0.70, 0.95);

        // The surest first, with what the network says, how sure it is, and what the image is.
        double[] sure = [.. Sure().Matches(run.Output).Select(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.Equal(5, sure.Length);
        Assert.All(sure, percent => Assert.InRange(percent, 50, 100));
        Assert.Equal(sure.OrderDescending(), sure);

        // As many mistakes as the accuracy leaves.
        Match wrong = Wrong().Match(run.Output);
        Assert.Equal(1 - accuracies[1], int.Parse(wrong.Groups[1].Value, CultureInfo.InvariantCulture) / 1000.0, 1e-9);

        // 455,690 numbers of four bytes, and a header.
        Assert.InRange(new FileInfo(Path.Combine(_folder, "net.safetensors")).Length, 4 * 455_690, 4 * 455_690 + 4096);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'],
            (await File.ReadAllBytesAsync(Path.Combine(_folder, "mistakes.png"))).Take(4));
    }

    /// <summary>By its own defaults; and the folder of the files that are embedded is a data set as well, to the same figures.</summary>
    [Fact]
    public async Task ItsOwnDefaultsLearnAndItsOwnFolderIsRead()
    {
        double[] embedded = await Accuracies("--data", "embedded");
        Assert.Equal(3, embedded.Length);
        Assert.InRange(embedded[2], 0.75, 0.95);
        Assert.Equal(embedded[0],
            Assert.Single(
            await Accuracies("--data", Path.Combine(Repository.Root, "samples", "01-MnistConvNet", "Data"), "--epochs", "1")));

        async Task<double[]> Accuracies(params string[] arguments)
        {
            string output = (await Sample(arguments)).Successful().Output;
            Assert.Contains("5,000 training images, 1,000 test images", output, StringComparison.Ordinal);
            return [.. TestAccuracy().Matches(output).Select(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))];
        }
    }

    [Fact]
    public async Task MissingDataFolderIsNamed()
    {
        var run = await Sample("--data", "nowhere");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("nowhere: expected train-images-idx3-ubyte.gz or train-images-idx3-ubyte, found neither.", run.Output,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--epochs", "0", "--epochs 0: expected a whole number of at least 1.")]
    [InlineData("--lr", "0,001", "--lr 0,001: expected a number above 0, as in 0.001.")]
    [InlineData("--width", "1024", "--width 1024: expected 128, 256 or 512.")]
    [InlineData("--save", "", "--save : expected a text.")]
    [InlineData("--colour", "blue", "Unrecognized command or argument '--colour'.")]
    [InlineData("--epochs", null, "Required argument missing for option: '--epochs'.")]
    public async Task WhatItDoesNotUnderstandIsNamed(string name, string? value, string complaint)
    {
        var run = await Sample(value is null ? [name] : [name, value]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(complaint, run.Output, StringComparison.Ordinal);
        Assert.Contains("--help lists the options.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HelpListsTheOptionsWithTheirDefaults()
    {
        string help = (await Sample("--help")).Successful().Output;
        foreach (string option in (string[])["data", "epochs", "batch", "lr", "seed", "threads", "width", "save", "mistakes"])
            Assert.Matches($@"\n  --{option} <[A-Z]+> +\w.*\n", help);
        Assert.Contains("passes over the training images (3)", help, StringComparison.Ordinal);
    }

    private Task<Outcome> Sample(params string[] arguments) => Dotnet.Run(_folder, [Repository.MnistConvNet, .. arguments]);

    [GeneratedRegex(@"test image +\d+: .+ \((\d+\.\d) % sure\), but is .+")]
    private static partial Regex Sure();

    [GeneratedRegex(@"(\d+) of 1,000 test images are classified wrongly")]
    private static partial Regex Wrong();

    [GeneratedRegex(@"test accuracy (\d\.\d+)")]
    private static partial Regex TestAccuracy();
}
