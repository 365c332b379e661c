using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Diagnostics;

/// <summary>The examples on the pages of the diagnostics do what the pages say.</summary>
public partial class DocumentationTests
{
    public static TheoryData<string> Pages() => new(Directory
        .EnumerateFiles(Path.Combine(TestPaths.Repository, "docs", "diagnostics"), "NG*.md")
        .Where(path => Example().IsMatch(File.ReadAllText(path)))
        .Select(path => Path.GetFileNameWithoutExtension(path))
        .Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Pages))]
    public void ExamplesAreRight(string id)
    {
        MatchCollection examples = Example().Matches(File.ReadAllText(Path.Combine(TestPaths.Repository, "docs", "diagnostics", id + ".md")));
        Assert.Equal(["Wrong", "Right"], examples.Select(match => match.Groups["kind"].Value));

        GenerationResult wrong = GeneratorHarness.Run(examples[0].Groups["code"].Value), right = GeneratorHarness.Run(examples[1].Groups["code"].Value);
        Assert.Contains(wrong.NetGenDiagnostics, diagnostic => diagnostic.Id == id);
        Assert.Empty(right.NetGenDiagnostics);
        Assert.Empty(right.CompilerDiagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
    }

    [Fact]
    public void IndexListsEveryPage()
    {
        string index = File.ReadAllText(Path.Combine(TestPaths.Repository, "docs", "diagnostics", "README.md"));
        Assert.All(Directory.EnumerateFiles(Path.Combine(TestPaths.Repository, "docs", "diagnostics"), "NG*.md"),
            page => Assert.Contains($"]({Path.GetFileName(page)})", index, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"(?<kind>Wrong|Right):\r?\n\r?\n```csharp\r?\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
