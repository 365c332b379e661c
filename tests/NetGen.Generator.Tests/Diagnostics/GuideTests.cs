using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Diagnostics;

/// <summary>
/// The snippets of the guides compile, what they quote is there, and the table of the layers has every layer with every option.
/// </summary>
public partial class GuideTests
{
    private const string Data = "float[] images, int[] labels, int epochs";

    private const string WebUsings = "global using System.Linq; global using System.Threading; global using System.Threading.Tasks; "
        + "global using Microsoft.AspNetCore.Builder; global using Microsoft.AspNetCore.Http; global using Microsoft.Extensions.Hosting; "
        + "global using Microsoft.Extensions.Configuration; global using Microsoft.Extensions.DependencyInjection; "
        + "global using NetGen.Serving; global using OpenTelemetry.Metrics;";

    /// <summary>
    /// Pages whose snippets are declarations, or bodies of methods, each with its own variables: what else the methods are given, and what
    /// they import.
    /// </summary>
    private static readonly Dictionary<string, (string Parameters, string Usings)> Pages = new()
    {
        ["docs/coming-from-pytorch.md"] = (Data, ""),
        ["docs/cuda.md"] = ("", ""),
        ["docs/layers.md"] = ("", "global using System.Runtime.CompilerServices; global using NetGen.CompilerServices;"),
        ["docs/llama.md"] = ("", ""),
        ["docs/losses.md"] = (Data + ", float[] probabilities, Classifier.Trainer trainer", ""),
        ["docs/plots.md"] = (Data, "global using NetGen.Plots;"),
        ["docs/prediction.md"] = ("", ""),
        ["docs/reading-the-code.md"] = ("", ""),
        ["docs/streams.md"] = ("", ""),
        ["docs/text-generation.md"] = ("", ""),
        ["docs/tensorboard.md"] = ("Branches net, float[] images, int[] labels", "global using NetGen.TensorBoard;"),
    };

    /// <summary>Pages whose snippets tests of their own compile: one below each, and DocumentationTests for training.</summary>
    private static readonly string[] PagesWithTestsOfTheirOwn =
        ["README.md", "docs/browser.md", "docs/data.md", "docs/getting-started.md", "docs/serving.md", "docs/training.md"];

    public static TheoryData<string> PagesOfSnippets => new(Pages.Keys);

    /// <summary>No page with code is left out: a new one says here how it is held to compile.</summary>
    [Fact]
    public void EveryPageWithCodeIsCompiled()
    {
        string[] withCode =
        [
            .. from path in Directory.EnumerateFiles(TestPaths.Repository, "*.md", SearchOption.AllDirectories)
               let page = Path.GetRelativePath(TestPaths.Repository, path).Replace('\\', '/')
               where !page.Split('/').Any(folder => folder is "bin" or "obj" or "node_modules" or ".git")
               where Snippet().Matches(Text(path))
                   .Any(match => match.Groups["language"].Value is not ("python" or "xml" or "json" or "bash" or "sh" or "js" or ""))
               select page,
        ];
        // On the pages of diagnostics every snippet is a wrong or a right example, which DocumentationTests run.
        string[] diagnostics = [.. withCode.Where(page => page.StartsWith("docs/diagnostics/", StringComparison.Ordinal))];
        Assert.All(diagnostics,
            page => Assert.Contains(Path.GetFileNameWithoutExtension(page), DocumentationTests.WithExamples.Append("NG2011").Append("mistakes")));
        Assert.All(diagnostics.Where(page => !page.EndsWith("NG2011.md", StringComparison.Ordinal)
                && !page.EndsWith("mistakes.md", StringComparison.Ordinal)),
            page => Assert.Equal(2, Snippets(page, "csharp").Length));
        Assert.Equal(Pages.Keys.Concat(PagesWithTestsOfTheirOwn).Order(StringComparer.Ordinal),
            withCode.Except(diagnostics).Order(StringComparer.Ordinal));
    }

    /// <summary>A block of another project is wrong, which needs two; the same in one project is right.</summary>
    [Fact]
    public void TheRightExampleOfTwoProjectsCompiles() => AssertCompiles(Snippets("docs/diagnostics/NG2011.md", "c#")[1]);

    [Theory]
    [MemberData(nameof(PagesOfSnippets))]
    public void SnippetsCompile(string page)
    {
        (string parameters, string usings) = Pages[page];
        string[] snippets = Snippets(page, "csharp");
        Assert.NotEmpty(snippets);
        var declarations = new List<string>();
        var methods = new List<string>();
        foreach (string snippet in snippets)
        {
            // A declaration may be followed by what is done with it.
            int end = snippet.StartsWith('[')
                ? snippet.Contains("partial class Classifier;\n", StringComparison.Ordinal)
                ? snippet.IndexOf(";\n", StringComparison.Ordinal) + 2 : snippet.Length : 0;
            declarations.Add(snippet[..end]);
            methods.Add($"static void Snippet{methods.Count}({parameters})\n{{\n{snippet[end..]}}}\n");
        }
        // What the page tells the project to say.
        bool hasCuda = Snippets(page, "xml").Any(
            snippet => snippet.Contains("<NetGenTargets>cpu;cuda</NetGenTargets>", StringComparison.Ordinal));
        AssertCompiles($"{usings}{string.Concat(declarations)}static class Snippets\n{{\n{string.Concat(methods)}}}\n",
            hasCuda ? new BuildProperties(("_NetGenVectorWidths", "128"), ("_NetGenTargets", "cpu,cuda")) : null);
    }

    /// <summary>The page about NetGen.Data: a network, a set of one's own, and bodies of methods.</summary>
    [Fact]
    public void DataPageCompiles()
    {
        string[] snippets = Snippets("docs/data.md", "csharp");
        Assert.True(snippets.Length >= 8);
        string declarations = string.Concat(snippets.Where(IsDeclaration));
        string methods = string.Concat(snippets.Where(snippet => !IsDeclaration(snippet))
            .Select((snippet, i)
                => $"static void Snippet{i}(SmallNet net, {(snippet.Contains("images "
                + "= ", StringComparison.Ordinal) ? "" : "ImageDataset images, ")}int epochs)\n{{\n{snippet}}}\n"));
        GenerationResult result = GeneratorHarness.Run(GeneratorHarness.Compile(
            [("Usings.cs", "global using NetGen.Data;"), ("Program.cs", $"{declarations}static class Snippets\n{{\n{methods}}}\n")]));
        Assert.Empty(result.NetGenDiagnostics);
        Assert.Empty(result.CompilerDiagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));

        static bool IsDeclaration(string snippet)
            => snippet.StartsWith("[Network", StringComparison.Ordinal) || snippet.StartsWith("public ", StringComparison.Ordinal);
    }

    /// <summary>
    /// Getting started has whole files: those of a program and its network, of a library, and of who uses it. The package's tests do all
    /// that the page says.
    /// </summary>
    [Fact]
    public void GettingStartedCompiles()
    {
        string[] snippets = Snippets("docs/getting-started.md", "csharp");
        Assert.Equal(4, snippets.Length);
        AssertFilesCompile(snippets[0], snippets[1]);

        // The two projects as one.
        AssertFilesCompile(snippets[2], snippets[3]);

        static void AssertFilesCompile(params string[] files)
        {
            GenerationResult result =
                GeneratorHarness.Run(GeneratorHarness.Compile(
                [("Usings.cs", "global using System.IO; global using System.Linq;"), .. files.Select((text, i) => ($"File{i}.cs", text))]));
            Assert.Empty(result.NetGenDiagnostics);
            Assert.Empty(result.CompilerDiagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error
                && diagnostic.Id is not "CS8805"));  // The harness makes libraries, which have no statements of their own.
        }
    }

    /// <summary>The README's snippets: a network, what is done with it, and a graph.</summary>
    [Fact]
    public void ReadmeCompiles()
    {
        string[] snippets = Snippets("README.md", "csharp");
        Assert.Equal(3, snippets.Length);
        AssertCompiles($"{snippets[0]}{snippets[2]}static class Snippets\n{{\nstatic void Run(float[] images, int[] labels, float[] "
            + $"logits)\n{{\n{snippets[1]}}}\n}}\n");
    }

    /// <summary>What the page shows as emitted is emitted, line after line.</summary>
    [Fact]
    public void QuotedCodeIsEmitted()
    {
        const string Page = "docs/reading-the-code.md";
        string emitted =
            Unindented(string.Concat(GeneratorHarness.Run(
                Snippets(Page, "csharp").Single(), BuildProperties.None).Sources.Select(source => source.Source)));
        string[] quotes = Snippets(Page, "cs");
        Assert.True(quotes.Length >= 4);
        Assert.All(quotes, quote => Assert.Contains(Unindented(quote), emitted, StringComparison.Ordinal));

        static string Unindented(string text) => string.Join('\n', text.Trim().Split('\n').Select(line => line.TrimStart()));
    }

    /// <summary>The guide to serving: networks, a program, and bodies of methods, with what a web project imports.</summary>
    [Fact]
    public void ServingPageCompiles()
    {
        string[] snippets = Snippets("docs/serving.md", "csharp");
        Assert.True(snippets.Length >= 8);
        string declarations = string.Concat(snippets.Where(snippet => snippet.StartsWith('[')));
        string methods = string.Concat(snippets.Where(snippet => !snippet.StartsWith('[')).Select((snippet, i) =>
            $"static async Task Snippet{i}({(snippet.Contains("var builder", StringComparison.Ordinal)
                ? "string[] args" : "WebApplicationBuilder builder")})\n{{\nawait Task.Yield();\n"
            + $"{snippet.Replace("using NetGen.Serving;\n", "", StringComparison.Ordinal)}}}\n"));
        GenerationResult result = GeneratorHarness.Run(GeneratorHarness.Compile(
        [
            ("Usings.cs", WebUsings), ("Program.cs", $"{declarations}static class Snippets\n{{\n{methods}}}\n"),
        ]).AddReferences(GeneratorHarness.WebReferences));
        Assert.Empty(result.NetGenDiagnostics);
        Assert.Empty(result.CompilerDiagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
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
        Type attribute =
            typeof(LayerAttribute).Assembly.GetExportedTypes().First(type => Regex.Replace(type.Name, "Attribute(`\\d)?$", "") == layer);
        IEnumerable<string> options = attribute.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(property => property.SetMethod is not null).Select(property => property.Name);
        Assert.All(options, option => Assert.Contains(rows, row => row.Contains($"`{option}`", StringComparison.Ordinal)));
    }

    /// <summary>Links of the pages lead to files and folders that are there, and to headings that those have.</summary>
    [Fact]
    public void LinksLeadToFilesAndHeadings()
    {
        IEnumerable<string> pages =
            Directory.EnumerateFiles(Path.Combine(TestPaths.Repository, "docs"), "*.md")
            .Append(Path.Combine(TestPaths.Repository, "docs", "diagnostics", "README.md"))
            .Append(Path.Combine(TestPaths.Repository, "samples", "README.md"))
            .Append(Path.Combine(TestPaths.Repository, "README.md"));
        var dead = new List<string>();
        foreach (string page in pages)
        {
            foreach (Match link in Link().Matches(Text(page)))
            {
                string path = link.Groups["path"].Value, heading = link.Groups["heading"].Value;
                string target = path.Length == 0 ? page : Path.Combine(Path.GetDirectoryName(page)!, path);
                if (!File.Exists(target) && !Directory.Exists(target))
                    dead.Add($"{page}: {path}");
                else if (heading.Length > 0 && !Headings(target).Contains(heading))
                    dead.Add($"{page}: {path}#{heading}");
            }
        }

        Assert.Empty(dead);
    }

    /// <summary>The short page stays one, and says what it must.</summary>
    [Fact]
    public void TheReadmeIsShort()
    {
        string readme = Text(Path.Combine(TestPaths.Repository, "README.md"));
        Assert.InRange(readme.Split('\n').Length, 100, 200);
        Assert.Contains("```\ndotnet test NetGen.sln -c Release\n```", readme, StringComparison.Ordinal);
    }

    /// <summary>The anchors of a page's headings: small letters, without signs, hyphens for blanks.</summary>
    private static HashSet<string> Headings(string page) => [.. Heading().Matches(Text(page)).Select(match
        => string.Concat(match.Groups["text"].Value.Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_'))
            .Replace(' ', '-'))];

    private static void AssertCompiles(string source, BuildProperties? properties = null)
    {
        GenerationResult result = GeneratorHarness.Run(source, properties);
        Assert.Empty(result.NetGenDiagnostics);
        Assert.Empty(result.CompilerDiagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
    }

    private static string[] Snippets(string page, string language) => Snippet().Matches(Text(Path.Combine(TestPaths.Repository, page)))
        .Where(match => match.Groups["language"].Value == language).Select(match => match.Groups["code"].Value).ToArray();

    private static string Text(string path) => File.ReadAllText(path).Replace("\r\n", "\n", StringComparison.Ordinal);

    [GeneratedRegex(@"^```(?<language>[^`\n]*)\n(?<code>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Snippet();

    [GeneratedRegex(@"\]\((?!https?:)(?<path>[^)#]*)(#(?<heading>[^)]*))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<text>.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
