using System.Globalization;
using System.Text.RegularExpressions;

namespace NetGen.Package.Tests;

/// <summary>Runs samples/13-Translate as a user would.</summary>
public sealed partial class TranslateSampleTests : IDisposable
{
    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    private readonly string _folder = Directory.CreateTempSubdirectory("netgen-translate-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>
    /// A part of the days is enough for most others. What is decoded character by character agrees with the metric, which is given the
    /// right ones, and in a later run with itself.
    /// </summary>
    [Fact]
    public async Task LearnsToTranslateUnseenDates()
    {
        const string Day = "the 3rd of June 2024";
        string output = (await Sample("--dates", "24000", "--epochs", "5", "--say", Day)).Successful().Output;
        Assert.Contains("24,000 to learn from, 2,000 to choose the best epoch by, 5,000 to test on", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', output);
        double validation = Validation().Matches(output).Max(match => Number(match.Groups[1]));
        double test = Number(Test().Match(output).Groups[1]);
        Assert.InRange(validation, 0.8, 1);
        Assert.InRange(test, validation - 0.03, validation + 0.03);
        Assert.Equal(Png, (await File.ReadAllBytesAsync(Path.Combine(_folder, "attention.png"))).Take(4));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(_folder, "runs", "translate"), "events.out.tfevents.*"));

        string said = Said().Matches(output).Last().Value;
        Assert.StartsWith($"\"{Day}\"", said, StringComparison.Ordinal);
        Assert.Equal(said, Said().Match((await Sample("--load", "--say", Day)).Successful().Output).Value);
    }

    /// <summary>Interrupted after an epoch or not: the same parameters, bit for bit.</summary>
    [Fact]
    public async Task GoesOnFromItsCheckpointToTheSameBits()
    {
        string[] common = ["--dates", "1000", "--seed", "3"], cut = ["--checkpoint", "cut.ckpt", "--save", "cut.st"];
        (await Sample([.. common, "--epochs", "2", "--checkpoint", "straight.ckpt", "--save", "straight.st"])).Successful();
        (await Sample([.. common, "--epochs", "1", .. cut])).Successful();
        string output = (await Sample([.. common, "--epochs", "2", .. cut, "--resume"])).Successful().Output;
        Assert.Contains("Goes on in epoch 2, after 16 steps", output, StringComparison.Ordinal);
        Assert.Equal(await Bytes("straight.ckpt"), await Bytes("cut.ckpt"));
        Assert.Equal(await Bytes("straight.st"), await Bytes("cut.st"));
    }

    [Theory]
    [InlineData("--dates", "70000", 2, "--dates 70000: expected a whole number from 1 to 66,049.")]
    [InlineData("--say", "14 März 1987", 2, "character 5 is 'ä'")]
    [InlineData("--save", "nowhere/translate.safetensors", 1, "nowhere")]
    public async Task WhatIsWrongIsNamed(string name, string value, int exitCode, string part)
    {
        var run = await Sample(name, value);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(part, run.Output, StringComparison.Ordinal);
    }

    private Task<Outcome> Sample(params string[] arguments)
        => Dotnet.Run(_folder, [Repository.Sample("13-Translate", "translate"), .. arguments]);

    private Task<byte[]> Bytes(string file) => File.ReadAllBytesAsync(Path.Combine(_folder, file));

    private static double Number(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"validation exact match (\d\.\d+)")]
    private static partial Regex Validation();

    [GeneratedRegex(@"Test: (\d\.\d+) of 5,000 unseen dates")]
    private static partial Regex Test();

    [GeneratedRegex("\".*\" is [0-9-]{10}\\.")]
    private static partial Regex Said();
}
