using System.Globalization;
using System.Text.RegularExpressions;

namespace NetGen.Package.Tests;

/// <summary>Runs samples/04-Cifar10 as a user would, its output redirected.</summary>
public sealed partial class CifarSampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("netgen-cifar-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task LearnsTheSyntheticSetAndSaysThatItIsNoCifar()
    {
        string output = (await Sample("--save", "net.safetensors")).Successful().Output;
        Assert.Contains("NOT CIFAR-10", output, StringComparison.Ordinal);
        Assert.Contains("5,000 training images, 1,000 test images", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', output);

        // One class in ten would be 0.1.
        double[] accuracies = Accuracies(output);
        Assert.Equal(5, accuracies.Length);
        Assert.InRange(accuracies[4], 0.5, 0.95);
        Assert.InRange(new FileInfo(Path.Combine(_folder, "net.safetensors")).Length, 4 * 145_578, 4 * 145_578 + 4096);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'],
            (await File.ReadAllBytesAsync(Path.Combine(_folder, "predictions.png"))).Take(4));
    }

    [Fact]
    public async Task TheNumberOfWorkersChangesNothing()
    {
        // Files of CIFAR-10's format, with few records.
        var random = new Random(1);
        foreach (string name in new[] { "data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch" })
        {
            var records = new byte[20 * 3073];
            random.NextBytes(records);
            for (int i = 0; i < records.Length; i += 3073)
                records[i] %= 10;
            await File.WriteAllBytesAsync(Path.Combine(_folder, $"{name}.bin"), records);
        }
        string[] common = ["--data", ".", "--epochs", "2", "--batch", "16", "--threads", "1"];
        string alone = (await Sample([.. common, "--workers", "0", "--save", "0.safetensors"])).Successful().Output;
        string helped = (await Sample([.. common, "--workers", "3", "--save", "3.safetensors"])).Successful().Output;
        Assert.Contains("CIFAR-10, ", alone, StringComparison.Ordinal);
        Assert.Contains("100 training images, 20 test images", alone, StringComparison.Ordinal);
        Assert.Equal(Accuracies(alone), Accuracies(helped));
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(_folder, "0.safetensors")),
            await File.ReadAllBytesAsync(Path.Combine(_folder, "3.safetensors")));
    }

    [Theory]
    [InlineData("--data", "nowhere", 1, "nowhere: expected data_batch_1.bin, found none")]
    [InlineData("--workers", "-1", 2, "--workers -1: expected a whole number from 0 to 1,024.")]
    [InlineData("--colour", "blue", 2, "Unrecognized command or argument '--colour'.")]
    public async Task WhatIsWrongIsNamed(string name, string value, int exitCode, string part)
    {
        var run = await Sample(name, value);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(part, run.Output, StringComparison.Ordinal);
    }

    private Task<Outcome> Sample(params string[] arguments) => Dotnet.Run(_folder, [Repository.Cifar10, .. arguments]);

    private static double[] Accuracies(string output) =>
        [.. TestAccuracy().Matches(output).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"test accuracy (\d\.\d+)")]
    private static partial Regex TestAccuracy();
}
