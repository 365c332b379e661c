using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;

namespace NetGen.Package.Tests;

/// <summary>Runs samples/15-Audio as a user would.</summary>
public sealed partial class AudioSampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("netgen-audio-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task BothEffectsLearnAndPlayFasterThanIsHeard()
    {
        string output = (await Sample("--steps", "400", "--out", "sound")).Successful().Output;
        MatchCollection played = Played().Matches(output);
        Assert.Equal(2, played.Count);
        foreach (Match match in played)
        {
            Assert.InRange(Number(match.Groups[1]), 0, 0.1);
            Assert.InRange(Number(match.Groups[2]), 1e-6, 1);
        }
        foreach (string name in new[] { "input", "amplifier", "recurrent", "convolutional" })
        {
            byte[] file = await File.ReadAllBytesAsync(Path.Combine(_folder, "sound", name + ".wav"));
            Assert.Equal("RIFF"u8, file.AsSpan(0, 4));
            // Five seconds at 48 kHz, two bytes a sample, behind a header.
            Assert.Equal(44 + 5 * 48_000 * 2, file.Length);
            Assert.Equal(file.Length - 44, BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(40)));
        }
    }

    [Theory]
    [InlineData("--steps", "3", "--steps 3: expected a whole number of at least 4.")]
    [InlineData("--colour", "blue", "Unrecognized command or argument '--colour'.")]
    public async Task WhatIsWrongIsNamed(string name, string value, string part)
    {
        var run = await Sample(name, value);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(part, run.Output, StringComparison.Ordinal);
    }

    private Task<Outcome> Sample(params string[] arguments)
        => Dotnet.Run(_folder, [Repository.Sample("15-Audio", "audio-effects"), .. arguments]);

    private static double Number(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"error to signal (\d\.\d+); \d+ ns a sample, real-time factor (\d+\.\d+)")]
    private static partial Regex Played();
}
