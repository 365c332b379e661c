using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Architecture;

/// <summary>What keeps sources readable and no compiler looks at: lengths of lines, methods and files.</summary>
public sealed class StyleTests
{
    private const int MaxColumns = 140, MaxMethodLines = 120, MaxFileLines = 500;

    /// <summary>Files of tests whose long lines are texts that are compared, or declarations that a test is about.</summary>
    private static readonly string[] s_textsOfTests =
    [
        "tests/NetGen.Conformance.Tests/", "tests/NetGen.Cuda.Simulator.Tests/",
        "tests/NetGen.Generator.Tests/Diagnostics/", "tests/NetGen.Generator.Tests/Fixtures/",
        "tests/NetGen.Generator.Tests/Names/", "tests/NetGen.Generator.Tests/Parsing/", "tests/NetGen.Generator.Tests/Snapshots/",
        "tests/NetGen.Generator.Tests/Emit/SurfaceTests.cs", "tests/NetGen.Package.Tests/", "tests/NetGen.Runtime.Tests/SafeTensorsTests.cs",
    ];

    [Fact]
    public void NoLineIsLongerThan140Columns()
    {
        var wrong = new List<string>();
        foreach (string file in Sources("runtime").Concat(Sources("generator")).Concat(Sources("samples")).Concat(Sources("tests")))
        {
            if (s_textsOfTests.Any(folder => file.StartsWith(folder, StringComparison.Ordinal)))
                continue;
            string[] lines = File.ReadAllLines(Path.Combine(TestPaths.Repository, file));
            wrong.AddRange(lines.Index().Where(line => line.Item.Length > MaxColumns && !IsOneText(line.Item))
                .Select(line => $"{file}({line.Index + 1}): {line.Item.Length} columns"));
        }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    /// <summary>Of a merge that was not ended: compilers see them in code, and nobody in a page.</summary>
    [Fact]
    public void NoPageHasMarksOfAMerge()
    {
        string[] pages = [.. Directory.EnumerateFiles(Path.Combine(TestPaths.Repository, "docs"), "*.md", SearchOption.AllDirectories),
            Path.Combine(TestPaths.Repository, "README.md")];
        Assert.True(pages.Length > 50, $"Only {pages.Length} pages.");
        Assert.DoesNotContain(pages, page => File.ReadLines(page).Any(line => line.StartsWith("<<<<<<< ", StringComparison.Ordinal)
            || line == "=======" || line.StartsWith(">>>>>>> ", StringComparison.Ordinal)));
    }

    [Fact]
    public void NoMethodOfTheGeneratorIsLongerThan120Lines()
    {
        var wrong = new List<string>();
        foreach (string file in Sources("generator"))
        {
            SyntaxTree tree = CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(TestPaths.Repository, file)));
            foreach (SyntaxNode node in tree.GetRoot().DescendantNodes())
            {
                if (node is not (BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax))
                    continue;
                FileLinePositionSpan span = tree.GetLineSpan(node.Span);
                int lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
                if (lines > MaxMethodLines)
                    wrong.Add($"{file}({span.StartLinePosition.Line + 1}): {lines} lines");
            }
        }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public void NoFileOfTheGeneratorIsLongerThan500Lines()
    {
        IEnumerable<(string File, int Lines)> longFiles = Sources("generator")
            .Select(file => (file, File.ReadLines(Path.Combine(TestPaths.Repository, file)).Count()))
                .Where(file => file.Item2 > MaxFileLines);
        Assert.Empty(longFiles);
    }

    /// <summary>Nothing but one text and the call around it: there is no place to break.</summary>
    private static bool IsOneText(string line)
    {
        int first = line.IndexOf('"', StringComparison.Ordinal), last = line.LastIndexOf('"');
        return first >= 0 && last - first > MaxColumns - 40;
    }

    private static IEnumerable<string> Sources(string folder) => Directory
        .EnumerateFiles(Path.Combine(TestPaths.Repository, folder), "*.cs", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(TestPaths.Repository, file).Replace('\\', '/'))
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
        .Where(file => !file.EndsWith(".verified.cs", StringComparison.Ordinal) && !file.EndsWith(".g.cs", StringComparison.Ordinal)
            && !file.EndsWith(".received.cs", StringComparison.Ordinal));
}
