using System.Globalization;
using System.Text.RegularExpressions;

namespace NetGen.Package.Tests;

/// <summary>Runs the samples whose steps are written by hand as a user would: autoencoders, a GAN, diffusion, CLIP.</summary>
public sealed partial class LessonSampleTests : IDisposable
{
    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    private readonly string _folder = Directory.CreateTempSubdirectory("netgen-lesson-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("08-Autoencoder", "autoencoder", "autoencoder.png")]
    [InlineData("09-Gan", "gan", "samples.png")]
    [InlineData("10-Diffusion", "diffusion", "samples.png", "samples.noising.png")]
    [InlineData("11-Clip", "clip", "similarities.png")]
    public async Task TrainsDrawsAndLogs(string sample, string program, params string[] pictures)
    {
        string output = (await Run(sample, program, "--data", "embedded", "--epochs", "1")).Successful().Output;
        Assert.Contains("5,000 training images, 1,000 test images", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', output);
        Assert.True(double.IsFinite(double.Parse(Assert.Single(Epochs().Matches(output)).Groups[1].Value, CultureInfo.InvariantCulture)));
        foreach (string picture in pictures)
        {
            Assert.Equal(Png, (await Bytes(picture)).Take(4));
            Assert.Contains(picture, output, StringComparison.Ordinal);
        }

        Assert.NotEmpty(Directory.GetFiles(Path.Combine(_folder, "runs", program), "events.out.tfevents.*"));
    }

    /// <summary>Two trainers and noise of their own: interrupted after an epoch or not, the same parameters, bit for bit.</summary>
    [Fact]
    public async Task GoesOnFromItsCheckpointsToTheSameBits()
    {
        string[] common = ["--data", "embedded", "--seed", "3"];
        string[] straight = ["--epochs", "2", "--checkpoint", "straight.ckpt", "--save", "straight.st"];
        string[] resumed = ["--epochs", "2", "--resume", "--checkpoint", "cut.ckpt", "--save", "cut.st"];
        (await Run("08-Autoencoder", "autoencoder", [.. common, .. straight])).Successful();
        (await Run("08-Autoencoder", "autoencoder", [.. common, "--epochs", "1", "--checkpoint", "cut.ckpt"])).Successful();
        string output = (await Run("08-Autoencoder", "autoencoder", [.. common, .. resumed])).Successful().Output;

        Assert.Contains("Goes on in epoch 2, after 39 steps.", output, StringComparison.Ordinal);
        Assert.Equal(await Bytes("straight.st"), await Bytes("cut.st"));
        foreach (string trainer in (string[])["plain", "variational"])
        {
            Assert.Equal(await Bytes($"straight.{trainer}.ckpt"), await Bytes($"cut.{trainer}.ckpt"));
        }

        // One of the two is not enough, nor are two of different epochs.
        File.Copy(Path.Combine(_folder, "cut.plain.ckpt"), Path.Combine(_folder, "half.plain.ckpt"));
        var half = await Run("08-Autoencoder", "autoencoder", [.. common, "--resume", "--checkpoint", "half.ckpt"]);
        Assert.Equal(1, half.ExitCode);
        Assert.Contains("half.variational.ckpt", half.Output, StringComparison.Ordinal);
        (await Run("08-Autoencoder", "autoencoder", [.. common, "--epochs", "1", "--checkpoint", "other.ckpt"])).Successful();
        File.Copy(Path.Combine(_folder, "other.variational.ckpt"), Path.Combine(_folder, "half.variational.ckpt"));
        var mixed = await Run("08-Autoencoder", "autoencoder", [.. common, "--resume", "--checkpoint", "half.ckpt"]);
        Assert.Equal(1, mixed.ExitCode);
        Assert.Contains("half.variational.ckpt is of another step than half.plain.ckpt", mixed.Output, StringComparison.Ordinal);
    }

    /// <summary>By sentences that were not in the training, on what the sample ships; chance is 0.1.</summary>
    [Fact]
    public async Task ClipClassifiesBySentences()
    {
        string output = (await Run("11-Clip", "clip", "--data", "embedded")).Successful().Output;
        Match accuracy = ZeroShot().Match(output);
        Assert.True(accuracy.Success, output);
        Assert.InRange(double.Parse(accuracy.Groups[1].Value, CultureInfo.InvariantCulture), 0.8, 0.95);
    }

    [Theory]
    [InlineData("--epochs", "0", 2, "--epochs 0: expected a whole number of at least 1.")]
    [InlineData("--batch", "6000", 1, "--batch 6000: there are 5,000 training images, which is less than one batch.")]
    [InlineData("--data", "nowhere", 1, "nowhere: expected train-images-idx3-ubyte.gz or train-images-idx3-ubyte, found neither.")]
    public async Task WhatIsWrongIsNamed(string name, string value, int exitCode, string part)
    {
        string[] data = name == "--batch" ? ["--data", "embedded"] : [];
        var run = await Run("09-Gan", "gan", [.. data, name, value]);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(part, run.Output, StringComparison.Ordinal);
    }

    private Task<Outcome> Run(string sample, string program, params string[] arguments)
        => Dotnet.Run(_folder, [Repository.Sample(sample, program), .. arguments]);

    private Task<byte[]> Bytes(string file) => File.ReadAllBytesAsync(Path.Combine(_folder, file));

    [GeneratedRegex(@"Epoch \d+/\d+   loss (-?\d+\.\d+|NaN|∞)")]
    private static partial Regex Epochs();

    [GeneratedRegex(@"Zero-shot test accuracy (\d\.\d+)")]
    private static partial Regex ZeroShot();
}
