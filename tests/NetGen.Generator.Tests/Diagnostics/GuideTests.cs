using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Diagnostics;

/// <summary>The snippets of the guides compile, what they quote is there, and the table of the layers has every layer with every option.</summary>
public partial class GuideTests
{
    private const string Data = "float[] images, int[] labels, int epochs";

    /// <summary>Pages whose snippets are declarations, or bodies of methods, each with its own variables.</summary>
    [Theory]
    [InlineData("docs/coming-from-pytorch.md", Data, 6)]
    [InlineData("docs/losses.md", Data + ", float[] probabilities, Classifier.Trainer trainer", 1)]
    [InlineData("docs/reading-the-code.md", "", 1)]
    public void SnippetsCompile(string page, string parameters, int count)
    {
        string[] snippets = Snippets(page, "csharp");
        Assert.Equal(count, snippets.Length);
        var declarations = new List<string>();
        var methods = new List<string>();
        foreach (string snippet in snippets)
        {
            // A declaration may be followed by what is done with it.
            int end = snippet.StartsWith('[') ? snippet.Contains("partial class Classifier;\n", StringComparison.Ordinal) ? snippet.IndexOf(";\n", StringComparison.Ordinal) + 2 : snippet.Length : 0;
            declarations.Add(snippet[..end]);
            methods.Add($"static void Snippet{methods.Count}({parameters})\n{{\n{snippet[end..]}}}\n");
        }
        AssertCompiles(string.Concat(declarations) + $"static class Snippets\n{{\n{string.Concat(methods)}}}\n");
    }

    /// <summary>The page about NetGen.Data: a network, a set of one's own, and bodies of methods.</summary>
    [Fact]
    public void DataPageCompiles()
    {
        string[] snippets = Snippets("docs/data.md", "csharp");
        Assert.True(snippets.Length >= 8);
        string declarations = string.Concat(snippets.Where(IsDeclaration));
        string methods = string.Concat(snippets.Where(snippet => !IsDeclaration(snippet))
            .Select((snippet, i) => $"static void Snippet{i}(SmallNet net, {(snippet.Contains("images = ", StringComparison.Ordinal) ? "" : "ImageDataset images, ")}int epochs)\n{{\n{snippet}}}\n"));
        GenerationResult result = GeneratorHarness.Run(GeneratorHarness.Compile(
            [("Usings.cs", "global using NetGen.Data;"), ("Program.cs", $"{declarations}static class Snippets\n{{\n{methods}}}\n")]));
        Assert.Empty(result.NetGenDiagnostics);
        Assert.Empty(result.CompilerDiagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));

        static bool IsDeclaration(string snippet) => snippet.StartsWith("[Network", StringComparison.Ordinal) || snippet.StartsWith("public ", StringComparison.Ordinal);
    }

    /// <summary>Getting started is one program: a file with the network, and statements one after the other.</summary>
    [Fact]
    public void GettingStartedCompiles()
    {
        string[] snippets = Snippets("docs/getting-started.md", "csharp");
        Assert.Equal(3, snippets.Length);
        string statements = string.Concat(snippets.Skip(1)).Replace("using NetGen;\nusing Patterns;\n", "", StringComparison.Ordinal);
        GenerationResult result = GeneratorHarness.Run(GeneratorHarness.Compile(
        [
            ("PatternNet.cs", snippets[0]),
            ("Program.cs", $"using NetGen;\nusing Patterns;\nstatic class Program\n{{\nstatic void Run()\n{{\n{statements}}}\n}}\n"),
        ]));
        Assert.Empty(result.NetGenDiagnostics);
        Assert.Empty(result.CompilerDiagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
    }

    /// <summary>The README's first two snippets: the network, and what is done with it.</summary>
    [Fact]
    public void ReadmeCompiles()
    {
        string[] snippets = Snippets("README.md", "csharp");
        Assert.True(snippets.Length >= 2);
        AssertCompiles($"{snippets[0]}static class Snippets\n{{\nstatic void Run(float[] images, int[] labels, float[] logits)\n{{\n{snippets[1]}}}\n}}\n");
    }

    /// <summary>What the page shows as emitted is emitted, line after line.</summary>
    [Fact]
    public void QuotedCodeIsEmitted()
    {
        const string Page = "docs/reading-the-code.md";
        string emitted = Unindented(string.Concat(GeneratorHarness.Run(Snippets(Page, "csharp").Single()).Sources.Select(source => source.Source)));
        string[] quotes = Snippets(Page, "cs");
        Assert.True(quotes.Length >= 4);
        Assert.All(quotes, quote => Assert.Contains(Unindented(quote), emitted, StringComparison.Ordinal));

        static string Unindented(string text) => string.Join('\n', text.Trim().Split('\n').Select(line => line.TrimStart()));
    }

    /// <summary>The serving guide quotes the sample, which the build compiles and its own tests run.</summary>
    [Fact]
    public void QuotedCodeIsTheSamples()
    {
        string sample = string.Concat(Directory.EnumerateFiles(Path.Combine(TestPaths.Repository, "samples", "06-Serve"), "*.cs").Select(path => Text(path)));
        string[] quotes = Snippets("docs/serving.md", "csharp");
        Assert.True(quotes.Length >= 5);
        Assert.All(quotes, quote => Assert.Contains(quote, sample, StringComparison.Ordinal));
    }

    public static TheoryData<string> Layers => new(typeof(LayerAttribute).Assembly.GetExportedTypes()
        .Where(type => !type.IsAbstract && (type.IsSubclassOf(typeof(LayerAttribute)) || type.IsSubclassOf(typeof(LossAttribute))))
        .Select(type => Regex.Replace(type.Name, "Attribute(`\\d)?$", "")).Distinct().Order(StringComparer.Ordinal));

    /// <summary>Every layer and loss has a row in docs/layers.md that names each of its options.</summary>
    [Theory]
    [MemberData(nameof(Layers))]
    public void TableHasTheLayerWithItsOptions(string layer)
    {
        string[] rows = Text(Path.Combine(TestPaths.Repository, "docs", "layers.md")).Split('\n')
            .Where(line => line.StartsWith('|') && Regex.IsMatch(line.Split(" | ")[0], $"\\b{layer}\\b")).ToArray();
        Assert.True(rows.Length > 0, $"docs/layers.md has no row for {layer}.");
        Type attribute = typeof(LayerAttribute).Assembly.GetExportedTypes().First(type => Regex.Replace(type.Name, "Attribute(`\\d)?$", "") == layer);
        IEnumerable<string> options = attribute.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(property => property.SetMethod is not null).Select(property => property.Name);
        Assert.All(options, option => Assert.Contains(rows, row => row.Contains($"`{option}`", StringComparison.Ordinal)));
    }

    /// <summary>Links between the pages lead somewhere.</summary>
    [Fact]
    public void LinksLeadToFiles()
    {
        IEnumerable<string> pages = Directory.EnumerateFiles(Path.Combine(TestPaths.Repository, "docs"), "*.md").Append(Path.Combine(TestPaths.Repository, "README.md"));
        foreach (string page in pages)
        {
            Assert.All(Link().Matches(Text(page)).Select(match => match.Groups["path"].Value), path =>
            {
                string target = Path.Combine(Path.GetDirectoryName(page)!, path);
                Assert.True(File.Exists(target) || Directory.Exists(target), $"{page}: {path}");
            });
        }
    }

    private static void AssertCompiles(string source)
    {
        GenerationResult result = GeneratorHarness.Run(source);
        Assert.Empty(result.NetGenDiagnostics);
        Assert.Empty(result.CompilerDiagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
    }

    private static string[] Snippets(string page, string language) => Snippet().Matches(Text(Path.Combine(TestPaths.Repository, page)))
        .Where(match => match.Groups["language"].Value == language).Select(match => match.Groups["code"].Value).ToArray();

    private static string Text(string path) => File.ReadAllText(path).Replace("\r\n", "\n", StringComparison.Ordinal);

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<code>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Snippet();

    [GeneratedRegex(@"\]\((?!https?:|#)(?<path>[^)#]+)(#[^)]*)?\)")]
    private static partial Regex Link();
}
