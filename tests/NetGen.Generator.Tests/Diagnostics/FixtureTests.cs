using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Diagnostics;

/// <summary>
/// Every file in Fixtures is compiled, and every diagnostic of generator and compiler must be marked in it, at its place and
/// with its text. A network in error must cause no compiler error: such a one would have to be marked too.
/// </summary>
public class FixtureTests
{
    public static TheoryData<string> Fixtures() => new(Directory
        .EnumerateFiles(TestPaths.Fixtures, "*.cs")
        .Where(path => !path.EndsWith(".received.cs", StringComparison.Ordinal))
        .Select(path => Path.GetFileNameWithoutExtension(path))
        .Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void AllDiagnosticsAreMarked(string name)
    {
        string path = Path.Combine(TestPaths.Fixtures, name + ".cs"), received = Path.Combine(TestPaths.Fixtures, name + ".received.cs");
        string fixture = File.ReadAllText(path).Replace("\r\n", "\n", StringComparison.Ordinal);
        Markup markup = Markup.Parse(fixture);
        GenerationResult result = GeneratorHarness.Run(Compile(markup), new BuildProperties([("_NetGenVectorWidths", "128"), .. markup.Properties]));

        var failures = new StringBuilder();
        List<Diagnostic> actual = [.. result.NetGenDiagnostics.Concat(result.CompilerDiagnostics)];
        var messages = new List<string>();
        foreach (ExpectedDiagnostic expected in markup.Expected)
        {
            // Of several at one place, that with the right text.
            List<Diagnostic> here = actual.FindAll(diagnostic => IsAt(diagnostic, expected));
            Diagnostic? match = here.Find(diagnostic => Text(diagnostic) == expected.Message) ?? here.FirstOrDefault();
            if (match is null)
            {
                failures.AppendLine(CultureInfo.InvariantCulture, $"Missing {expected.Id} at '{expected.MarkedText}' in {expected.File}.");
                continue;
            }
            actual.Remove(match);
            if (!IsNetGen(match))
                continue;
            messages.Add($"//! {match.Id}: {Text(match)}");
            if (Text(match) != expected.Message)
                failures.AppendLine(
                    CultureInfo.InvariantCulture, $"Other text of {match.Id}:\n  expected: {expected.Message}\n  actual:   {Text(match)}");
        }
        foreach (Diagnostic diagnostic in actual)
        {
            string? marked = diagnostic.Location.SourceTree?.GetText().ToString(diagnostic.Location.SourceSpan);
            failures.AppendLine(
                CultureInfo.InvariantCulture, $"Not expected, at '{marked}' in {diagnostic.Location.GetLineSpan()}:\n "
                + $" {diagnostic.Id}: {Text(diagnostic)}");
        }

        if (failures.Length == 0)
        {
            File.Delete(received);
            return;
        }
        // As the verifier does: rename the received file to accept the texts.
        File.WriteAllLines(received,
            fixture.TrimEnd('\n').Split('\n').Where(line => !line.StartsWith("//! ", StringComparison.Ordinal)).Concat(messages));
        Assert.Fail(failures.ToString());
    }

    private static CSharpCompilation Compile(Markup markup)
    {
        CSharpCompilation compilation = GeneratorHarness.Compile(markup.Files, markup.LanguageVersion, markup.AllowUnsafe);
        compilation = compilation.WithOptions(compilation.Options.WithSpecificDiagnosticOptions(
            markup.Notes.Select(id => KeyValuePair.Create(id, ReportDiagnostic.Info))));
        return markup.LibraryFiles.Count == 0
            ? compilation
            : compilation.AddReferences(GeneratorHarness.Compile(markup.LibraryFiles).WithAssemblyName("Library").ToMetadataReference());
    }

    private static bool IsAt(Diagnostic diagnostic, ExpectedDiagnostic expected)
        => diagnostic.Id == expected.Id
            && diagnostic.Location.SourceTree?.FilePath == expected.File
            && diagnostic.Location.SourceSpan.Start == expected.Start
            && diagnostic.Location.SourceSpan.Length == expected.Length;

    private static bool IsNetGen(Diagnostic diagnostic) => diagnostic.Id.StartsWith("NG", StringComparison.Ordinal);

    private static string Text(Diagnostic diagnostic) => diagnostic.GetMessage(CultureInfo.InvariantCulture);
}
