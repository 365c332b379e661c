using System.Globalization;
using System.Text.RegularExpressions;

namespace NetGen.Package.Tests;

/// <summary>Runs samples/12-Sentiment as a user would.</summary>
public sealed partial class SentimentSampleTests : IDisposable
{
    private static readonly string[] Models = ["bag", "textcnn", "lstm", "encoder"];

    private readonly string _folder = Directory.CreateTempSubdirectory("netgen-sentiment-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>All four learn: chance is 0.5. What they have learned judges sentences, in a later run too.</summary>
    [Fact]
    public async Task AllModelsLearnAndJudgeSentences()
    {
        const string Praise = "I love this phone, it works great!", Complaint = "Terrible food and a waste of money.";
        string output = (await Sample("--epochs", "6", "--lr", "0.003", "--say", Praise, "--say", Complaint)).Successful().Output;
        Assert.Contains("2,097 to learn from, 294 to choose the best epoch by, 588 to test on", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', output);
        Assert.Equal(4, Accuracy().Matches(output).Count);
        Assert.All(Accuracy().Matches(output), match => Assert.InRange(Number(match.Groups[1]), 0.65, 0.95));
        string[] judged = Judged(output);
        Assert.Equal(8, judged.Length);
        Assert.All(judged[..4], line => Assert.Contains("positive", line, StringComparison.Ordinal));
        Assert.All(judged[4..], line => Assert.Contains("negative", line, StringComparison.Ordinal));
        foreach (string model in Models)
            Assert.NotEmpty(Directory.GetFiles(Path.Combine(_folder, "runs", "sentiment", model), "events.out.tfevents.*"));

        string later = (await Sample("--load", "--say", Praise, "--say", Complaint)).Successful().Output;
        Assert.Equal(judged, Judged(later));
    }

    /// <summary>Interrupted after an epoch or not: the same parameters, bit for bit.</summary>
    [Theory]
    [InlineData("lstm")]
    [InlineData("textcnn")]
    public async Task GoesOnFromItsCheckpointToTheSameBits(string model)
    {
        string[] common = ["--model", model, "--seed", "3"];
        string[] straight = ["--epochs", "2", "--checkpoint", "straight.ckpt", "--save", "straight.st"];
        string[] resumed = ["--epochs", "2", "--checkpoint", "cut.ckpt", "--save", "cut.st", "--resume"];
        (await Sample([.. common, .. straight])).Successful();
        (await Sample([.. common, "--epochs", "1", "--checkpoint", "cut.ckpt", "--save", "cut.st"])).Successful();
        Assert.Contains("Goes on in epoch 2", (await Sample([.. common, .. resumed])).Successful().Output, StringComparison.Ordinal);
        foreach (string kind in (string[])["ckpt", "st"])
            Assert.Equal(await Bytes($"straight.{model}.{kind}"), await Bytes($"cut.{model}.{kind}"));
    }

    [Theory]
    [InlineData("--model", "oracle", 2, "--model oracle: expected one of ")]
    [InlineData("--epochs", "0", 2, "--epochs 0: expected a whole number of at least 1.")]
    [InlineData("--save", "nowhere/sentiment.safetensors", 1, "nowhere")]
    public async Task WhatIsWrongIsNamed(string name, string value, int exitCode, string part)
    {
        var run = await Sample(name, value);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(part, run.Output, StringComparison.Ordinal);
    }

    private static string[] Judged(string output) => [.. Opinion().Matches(output).Select(match => match.Value)];

    private Task<Outcome> Sample(params string[] arguments)
        => Dotnet.Run(_folder, [Repository.Sample("12-Sentiment", "sentiment"), .. arguments]);

    private Task<byte[]> Bytes(string file) => File.ReadAllBytesAsync(Path.Combine(_folder, file));

    private static double Number(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Test accuracy (\d\.\d+)")]
    private static partial Regex Accuracy();

    [GeneratedRegex(@"  \S.* (positive|negative), \d+\.\d+ ?%")]
    private static partial Regex Opinion();
}
