using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using NetGen.Samples.Language;

namespace NetGen.Package.Tests;

/// <summary>Runs samples/14-Llama as a user would, and tests its tokens.</summary>
public sealed partial class LlamaSampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("netgen-llama-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task LearnsAndWritesAndGoesOn()
    {
        string[] brief = ["--steps", "25", "--batch", "8", "--checkpoint", "run.ckpt"];
        string[] written = ["--tokens", "150", "--prompt", "JULIET:"];
        string output = (await Sample([.. brief, .. written, "--save", "a.safetensors"])).Successful().Output;
        double[] losses = [.. Losses().Matches(output).Select(match => Number(match.Groups[1]))];
        Assert.Equal(20, losses.Length);
        // At first all 1,024 tokens are equally likely.
        Assert.InRange(losses[0], Math.Log(1024) - 0.1, Math.Log(1024) + 0.1);
        double[] validations = [.. ValidationLosses().Matches(output).Select(match => Number(match.Groups[1]))];
        Assert.Equal(5, validations.Length);
        Assert.InRange(validations[^1], 4, 6.2);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(_folder, "runs", "llama"), "events.out.tfevents.*"));
        string text = Text(output);
        Assert.StartsWith("JULIET:", text, StringComparison.Ordinal);

        // The same parameters, seed and prompt: the same text, longer than a stream has room for.
        string loaded = (await Sample([.. written, "--load", "a.safetensors"])).Successful().Output;
        Assert.Equal(text, Text(loaded));
        Assert.NotEqual(text, Text((await Sample([.. written, "--load", "a.safetensors", "--seed", "2"])).Successful().Output));

        string resumed = (await Sample([.. brief, .. written, "--resume", "--save", "b.safetensors"])).Successful().Output;
        Assert.Contains("Goes on after step 25.", resumed, StringComparison.Ordinal);
        Assert.Equal(text, Text(resumed));
        Assert.Equal(await Bytes("a.safetensors"), await Bytes("b.safetensors"));

        Outcome other = await Sample([.. brief, "--resume", "--seed", "2"]);
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("run.ckpt is no checkpoint that fits this training", other.Output, StringComparison.Ordinal);
    }

    /// <summary>More of the sentences are right than the half that saying always the same gets.</summary>
    [Fact]
    public async Task ItsLayersLearnOpinionsToo()
    {
        string output = (await Sample("--steps", "1", "--batch", "1", "--tokens", "5", "--classify", "--epochs", "2")).Successful().Output;
        Assert.Contains("2,097 to learn from, 294 to choose the best epoch by, 588 to test on", output, StringComparison.Ordinal);
        MatchCollection accuracies = Accuracies().Matches(output);
        Assert.Equal(["trained", "random"], accuracies.Select(match => match.Groups[1].Value));
        Assert.All(accuracies, match => Assert.InRange(Number(match.Groups[2]), 0.62, 0.9));
    }

    [Theory]
    [InlineData("--steps", "0", 2, "--steps 0: expected a whole number of at least 1.")]
    [InlineData("--top-p", "1.5", 2, "--top-p 1.5: expected a number above 0, up to 1.")]
    [InlineData("--top-k", "1025", 2, "--top-k 1025: expected a whole number from 0 to 1,024.")]
    [InlineData("--temperature", "-1", 2, "--temperature -1: expected a number of at least 0.")]
    [InlineData("--load", "nowhere.safetensors", 1, "nowhere.safetensors")]
    public async Task WhatIsWrongIsNamed(string name, string value, int exitCode, string part)
    {
        Outcome run = await Sample(name, value);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(part, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void TheWholeTextDecodesToWhatItWas()
    {
        var tokens = new Tokens();
        Assert.Equal(1024, tokens.Count);
        string text = Resources.ReadText();
        int[] encoded = tokens.Encode(text);
        Assert.Equal(1_115_394, text.Length);
        Assert.InRange(text.Length / (double)encoded.Length, 2.3, 3);
        Assert.True(tokens.Decode(encoded) == text);
    }

    /// <summary>Also what is not in the plays, a token at a time.</summary>
    [Theory]
    [InlineData("ROMEO:\nO, speak again, bright angel!")]
    [InlineData("  \n\n \t\r\n x ")]
    [InlineData("Gr\u00fc\u00dfe, \u4e16\u754c! \ud83d\ude00")]
    [InlineData("don't WE'LL 12345\0")]
    public void PiecesAreTheTextAndEachHasWholeCharacters(string text)
    {
        var tokens = new Tokens();
        var pieces = new TextPieces(tokens);
        var joined = new StringBuilder();
        foreach (int token in tokens.Encode(text))
        {
            string piece = new(pieces.Add(token));
            Assert.DoesNotContain('\ufffd', piece);
            joined.Append(piece);
        }
        Assert.Equal(0, pieces.End().Length);
        Assert.Equal(text, joined.ToString());
        Assert.Equal(text, tokens.Decode(tokens.Encode(text)));
    }

    [Fact]
    public void ACharacterThatIsNeverCompleteIsReplaced()
    {
        var tokens = new Tokens();
        var pieces = new TextPieces(tokens);
        int[] encoded = tokens.Encode("\u4e16");
        Assert.Equal(3, encoded.Length);
        Assert.Equal(0, pieces.Add(encoded[0]).Length + pieces.Add(encoded[1]).Length);
        Assert.Equal("\ufffd", new string(pieces.End()));
    }

    private Task<Outcome> Sample(params string[] arguments) => Dotnet.Run(_folder, [Repository.Sample("14-Llama", "llama"), .. arguments]);

    /// <summary>What was written: between an empty line and the line of the speed.</summary>
    private static string Text(string output)
    {
        Match match = Written().Match(output);
        Assert.True(match.Success, output);
        return match.Groups[1].Value;
    }

    private Task<byte[]> Bytes(string name) => File.ReadAllBytesAsync(Path.Combine(_folder, name));

    private static double Number(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Step \d+/\d+   loss (\d\.\d+)   perplexity \d+\.\d   [\d,]+ tokens/s")]
    private static partial Regex Losses();

    [GeneratedRegex(@"Test accuracy from (\w+) layers (0\.\d+), by")]
    private static partial Regex Accuracies();

    [GeneratedRegex(@"validation loss (\d\.\d+)   perplexity")]
    private static partial Regex ValidationLosses();

    [GeneratedRegex(@"(JULIET:.*)\n\n\d+ tokens in \d+\.\d\d s", RegexOptions.Singleline)]
    private static partial Regex Written();
}
