using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.CodeFixes.Tests;

/// <summary>
/// docs/diagnostics/mistakes.md: what newcomers write, and everything that they are told about it, by the compiler too, at which
/// place, and what the offered fix makes of it. The page is the table; the test holds each entry to what comes out.
/// </summary>
public partial class MistakesTests
{
    private static readonly string Page = Path.Combine(TestPaths.Repository, "docs", "diagnostics", "mistakes.md");

    /// <summary>The entries of the page by their headings.</summary>
    private static readonly Dictionary<string, Mistake> Mistakes = Entry().Matches(Text())
        .Select(match => new Mistake(match.Groups["title"].Value, match.Groups["source"].Value, match.Groups["told"].Value,
            int.Parse(match.Groups["score"].Value, CultureInfo.InvariantCulture)))
        .ToDictionary(mistake => mistake.Title);

    public static TheoryData<string> Titles => new(Mistakes.Keys);

    [Theory]
    [MemberData(nameof(Titles))]
    public async Task TellsWhatThePageSays(string title)
    {
        string told = await Tell(Mistakes[title].Source);
        if (told == Mistakes[title].Told)
            return;
        // All that differ, in a file beside the page that takes its place to accept them.
        string received = Page.Replace(".md", ".received.md", StringComparison.Ordinal);
        lock (Mistakes)
        {
            string text = File.Exists(received) ? File.ReadAllText(received) : Text();
            File.WriteAllText(received, Entry().Replace(text, match => match.Groups["title"].Value == title
                ? match.Value.Replace(match.Groups["told"].Value + "\nReads", told + "\nReads", StringComparison.Ordinal) : match.Value));
        }
        Assert.Equal(Mistakes[title].Told, told);
    }

    [Fact]
    public void ThereAreManyAndTheyReadWell()
    {
        Assert.True(Mistakes.Count >= 42);
        Assert.All(Mistakes.Values, mistake => Assert.InRange(mistake.Score, 3, 5));
        Assert.True(Mistakes.Values.Average(mistake => mistake.Score) >= 4.5);
    }

    /// <summary>No mistake goes unsaid, and what a fix leaves behind is less than what was there.</summary>
    [Fact]
    public void NothingIsSilent() => Assert.All(Mistakes.Values, mistake => Assert.Contains("\n- ", "\n" + mistake.Told,
        StringComparison.Ordinal));

    private static async Task<string> Tell(string source)
    {
        var project = new Fixing(source);
        var told = new StringBuilder();
        ImmutableArray<Diagnostic> before = await project.DiagnoseAll();
        foreach (Diagnostic diagnostic in before)
            told.Append(CultureInfo.InvariantCulture, $"- {Line(diagnostic)}\n");

        (Diagnostic? of, CodeAction? fix) = await project.FirstOffer(before);
        if (fix is null)
            return told.Append("\nFix: none.\n").ToString();
        await project.Apply(fix);
        ImmutableArray<Diagnostic> after = await project.DiagnoseAll();
        string left = after.IsEmpty ? "nothing is left to say" : "what is left: " + string.Join("; ", after.Select(Line));
        return told.Append(CultureInfo.InvariantCulture, $"\nFix of {of!.Id}, “{fix.Title}”; {left}:\n\n```csharp\n{project.Text}```\n")
            .ToString();
    }

    private static string Line(Diagnostic diagnostic)
    {
        string place = diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan).Replace("\n", " ",
            StringComparison.Ordinal);
        return $"{diagnostic.Id} at `{place}`: {diagnostic.GetMessage(CultureInfo.InvariantCulture)}";
    }

    private static string Text() => File.ReadAllText(Page).Replace("\r\n", "\n", StringComparison.Ordinal);

    private sealed record Mistake(string Title, string Source, string Told, int Score);

    [GeneratedRegex(@"^## (?<title>.*?)\n\n```csharp\n(?<source>.*?)```\n\n(?<told>.*?)\nReads (?<score>\d)",
        RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Entry();
}
