using System.Text.RegularExpressions;

namespace NetGen.Package.Tests;

/// <summary>
/// What a page tells its reader to do, by marks in front of its blocks, which its readers do not see: <c>run</c> and <c>fails</c>
/// (commands; <c>clone</c> behind it is where they are done, otherwise where the last ones were), <c>file</c> (what it contains),
/// <c>change: file | from | to</c>, and <c>prints</c>, a part of what the last command printed.
/// </summary>
public sealed partial record GuideStep(string Verb, string Argument, string Block)
{
    /// <summary>The steps of a page, in their order.</summary>
    public static IReadOnlyList<GuideStep> Read(string page)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, page)).ReplaceLineEndings("\n");
        return [.. Step().Matches(text).Select(match =>
            new GuideStep(match.Groups["verb"].Value, match.Groups["argument"].Value, match.Groups["block"].Value))];
    }

    /// <summary>The commands of a block.</summary>
    public string[] Commands => Block.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"^<!-- (?<verb>run|fails|file|change|prints)(: (?<argument>.*?))? -->\n(```[^\n]*\n(?<block>.*?)^```)?",
        RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Step();
}
