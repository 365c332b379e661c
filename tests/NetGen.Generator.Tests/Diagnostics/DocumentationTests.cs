using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Diagnostics;

/// <summary>The examples on the pages of the diagnostics do what the pages say.</summary>
public partial class DocumentationTests
{
    /// <summary>The diagnostics whose pages have examples.</summary>
    internal static string[] WithExamples { get; } = [.. Directory
        .EnumerateFiles(Path.Combine(TestPaths.Repository, "docs", "diagnostics"), "NG*.md")
        .Where(path => Example().IsMatch(File.ReadAllText(path)))
        .Select(path => Path.GetFileNameWithoutExtension(path))
        .Order(StringComparer.Ordinal)];

    public static TheoryData<string> Pages() => new(WithExamples);

    [Theory]
    [MemberData(nameof(Pages))]
    public void ExamplesAreRight(string id)
    {
        MatchCollection examples =
            Example().Matches(File.ReadAllText(Path.Combine(TestPaths.Repository, "docs", "diagnostics", id + ".md")));
        Assert.Equal(["Wrong", "Right"], examples.Select(match => match.Groups["kind"].Value));

        GenerationResult wrong = GeneratorHarness.Run(examples[0].Groups["code"].Value),
            right = GeneratorHarness.Run(examples[1].Groups["code"].Value);
        Assert.Contains(wrong.NetGenDiagnostics, diagnostic => diagnostic.Id == id);
        Assert.Empty(right.NetGenDiagnostics);
        Assert.Empty(right.CompilerDiagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
    }

    /// <summary>Declarations stand as they are; each other snippet is the body of a method that has the network, data and labels.</summary>
    [Fact]
    public void SnippetsOfTheTrainingPageCompile()
    {
        string page =
            File.ReadAllText(Path.Combine(TestPaths.Repository, "docs", "training.md")).Replace("\r\n", "\n", StringComparison.Ordinal);
        string[] snippets = [.. Snippet().Matches(page).Select(match => match.Groups["code"].Value)];
        Assert.True(snippets.Length >= 9);
        string methods = string.Concat(snippets.Where(snippet => !IsDeclaration(snippet))
            .Select((snippet, i) => $"static void Snippet{i}(SmallNet net, float[] images, int[] labels, int epochs)\n{{\n{snippet}}}\n"));
        GenerationResult result =
            GeneratorHarness.Run(string.Concat(snippets.Where(IsDeclaration)) + $"static class Snippets\n{{\n{methods}}}\n");
        Assert.Empty(result.NetGenDiagnostics);
        Assert.Empty(result.CompilerDiagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));

        static bool IsDeclaration(string snippet) => snippet.StartsWith("[Network", StringComparison.Ordinal);
    }

    [Fact]
    public void IndexListsEveryPage()
    {
        string index = File.ReadAllText(Path.Combine(TestPaths.Repository, "docs", "diagnostics", "README.md"));
        Assert.All(Directory.EnumerateFiles(Path.Combine(TestPaths.Repository, "docs", "diagnostics"), "NG*.md"),
            page => Assert.Contains($"]({Path.GetFileName(page)})", index, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippet();

    [GeneratedRegex(@"(?<kind>Wrong|Right):\r?\n\r?\n```csharp\r?\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
