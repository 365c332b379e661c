using System.Globalization;
using System.Text.RegularExpressions;

namespace NetGen.Package.Tests;

/// <summary>Runs the samples that train on Fashion-MNIST as a user would, their output redirected.</summary>
public sealed partial class TrainingSampleTests : IDisposable
{
    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    private readonly string _folder = Directory.CreateTempSubdirectory("netgen-sample-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, string> Samples => new() { { "02-LeNet", "lenet" }, { "03-FashionCnn", "fashion-cnn" } };

    /// <summary>Interrupted after an epoch or not: the same parameters, bit for bit, and the same figures.</summary>
    [Theory]
    [MemberData(nameof(Samples))]
    public async Task GoesOnFromACheckpointToTheSameBits(string sample, string program)
    {
        string[] common = ["--data", "embedded", "--seed", "3"];
        string straight =
            (await Run(sample, program,
            [.. common, "--epochs", "2", "--checkpoint", "straight.ckpt", "--logs", "straight", "--save", "straight.st"]))
            .Successful().Output;
        (await Run(sample, program, [.. common, "--epochs", "1", "--checkpoint", "cut.ckpt", "--logs", "cut"])).Successful();
        string resumed =
            (await Run(sample, program,
            [.. common, "--epochs", "2", "--resume", "--checkpoint", "cut.ckpt", "--logs", "cut", "--save", "cut.st"]))
            .Successful().Output;

        Assert.Contains("Goes on in epoch 2, after", resumed, StringComparison.Ordinal);
        Assert.Equal(await Bytes("straight.st"), await Bytes("cut.st"));
        Assert.Equal(await Bytes("straight.ckpt"), await Bytes("cut.ckpt"));
        Assert.Equal(2, Epochs().Count(straight));
        Assert.Equal(Epochs().Matches(straight)[1].Groups[1].Value, Assert.Single(Epochs().Matches(resumed)).Groups[1].Value);
        // One file of logs a process.
        Assert.Equal([1, 2], ((string[])["straight", "cut"]).Select(folder => Directory.GetFiles(Path.Combine(_folder, folder)).Length));
    }

    /// <summary>Ctrl+C, wherever the training is then, leaves a checkpoint that goes on to the bits of a training without it.</summary>
    [SkippableFact]
    public async Task AnInterruptionLeavesACheckpoint()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Needs the command timeout, which sends a signal.");
        string[] common = ["--data", "embedded", "--seed", "5"];
        string program = Repository.Sample("03-FashionCnn", "fashion-cnn");
        var interrupted =
            await Dotnet.Start("timeout", _folder,
            ["--preserve-status", "--signal=INT", "6", "dotnet", program, .. common, "--epochs", "100000", "--checkpoint", "cut.ckpt"]);
        Assert.Equal(130, interrupted.ExitCode);

        string epochs = (Epochs100000().Count(interrupted.Output) + 1).ToString(CultureInfo.InvariantCulture);
        (await Run("03-FashionCnn", "fashion-cnn",
            [.. common, "--epochs", epochs, "--checkpoint", "cut.ckpt", "--resume", "--save", "cut.st"])).Successful();
        (await Run("03-FashionCnn", "fashion-cnn",
            [.. common, "--epochs", epochs, "--checkpoint", "straight.ckpt", "--save", "straight.st"])).Successful();
        Assert.Equal(await Bytes("straight.st"), await Bytes("cut.st"));
        Assert.Equal(await Bytes("straight.ckpt"), await Bytes("cut.ckpt"));
    }

    [Fact]
    public async Task FashionCnnLearnsAndDrawsItsMaps()
    {
        string output = (await Run("03-FashionCnn", "fashion-cnn", "--data", "embedded", "--epochs", "2")).Successful().Output;
        Assert.Contains("5,000 training images, 1,000 test images", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', output);
        Match accuracy = TestAccuracy().Match(output);
        Assert.InRange(double.Parse(accuracy.Groups[1].Value, CultureInfo.InvariantCulture), 0.75, 0.95);
        Assert.Matches(@"\nAnkle boot( +\d+){10}\r?\n", output);
        Assert.Equal(Png, (await Bytes("feature-maps.png")).Take(4));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(_folder, "runs", "fashion-cnn"), "events.out.tfevents.*"));
    }

    /// <summary>The command as it stands in the README learns on what the sample ships, where chance is 0.1.</summary>
    [Theory]
    [InlineData("02-LeNet", "lenet", 0.6)]
    [InlineData("03-FashionCnn", "fashion-cnn", 0.8)]
    public async Task ItsOwnDefaultsLearnOnTheEmbeddedImages(string sample, string program, double least)
    {
        string output = (await Run(sample, program, "--data", "embedded")).Successful().Output;
        Assert.Contains("5,000 training images, 1,000 test images", output, StringComparison.Ordinal);
        Match accuracy = TestAccuracy().Match(output);
        Assert.InRange(double.Parse(accuracy.Groups[1].Value, CultureInfo.InvariantCulture), least, 0.95);
    }

    [Fact]
    public async Task LeNetDrawsHowItLearned()
    {
        // With sigmoids and so few images nothing is learned in an epoch; what is tried is all around it.
        string output =
            (await Run("02-LeNet", "lenet", "--data", "embedded", "--epochs", "1", "--picture", "curve.png", "--logs", "logs"))
            .Successful().Output;
        Assert.True(TestAccuracy().IsMatch(output), output);
        Assert.Equal(Png, (await Bytes("curve.png")).Take(4));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(_folder, "logs"), "events.out.tfevents.*"));
    }

    [Fact]
    public async Task ACheckpointOfAnotherTrainingIsRefused()
    {
        (await Run("02-LeNet", "lenet", "--data", "embedded", "--epochs", "1", "--checkpoint", "a.ckpt")).Successful();
        var run =
            await Run("02-LeNet", "lenet", "--data", "embedded", "--epochs", "2", "--checkpoint", "a.ckpt", "--resume", "--batch", "128");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("no checkpoint that fits this training", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--epochs", "0", 2, "--epochs 0: expected a whole number of at least 1.")]
    [InlineData("--lr", "0,9", 2, "--lr 0,9: expected a number above 0, as in 0.001.")]
    [InlineData("--colour", "blue", 2, "Unrecognized command or argument '--colour'.")]
    [InlineData("--data", "nowhere", 1, "nowhere: expected train-images-idx3-ubyte.gz or train-images-idx3-ubyte, found neither.")]
    public async Task WhatIsWrongIsNamed(string name, string value, int exitCode, string part)
    {
        var run = await Run("03-FashionCnn", "fashion-cnn", name, value);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(part, run.Output, StringComparison.Ordinal);
    }

    private Task<Outcome> Run(string sample, string program, params string[] arguments)
        => Dotnet.Run(_folder, [Repository.Sample(sample, program), .. arguments]);

    private Task<byte[]> Bytes(string file) => File.ReadAllBytesAsync(Path.Combine(_folder, file));

    [GeneratedRegex(@"Epoch \d/\d   (loss \d\.\d+   validation accuracy \d\.\d+)")]
    private static partial Regex Epochs();

    [GeneratedRegex(@"Epoch \d+/100000 ")]
    private static partial Regex Epochs100000();

    [GeneratedRegex(@"Test accuracy (\d\.\d+), best")]
    private static partial Regex TestAccuracy();
}
