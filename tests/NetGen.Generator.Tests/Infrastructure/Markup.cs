using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;

namespace NetGen.Generator.Tests.Infrastructure;

/// <summary>A diagnostic that a fixture expects: where it stands and, for NetGen's own, what it says.</summary>
internal sealed record ExpectedDiagnostic(string Id, string File, int Start, int Length, string MarkedText, string? Message);

/// <summary>
/// A fixture: C# sources with the expected diagnostics marked in them, as Roslyn's own tests do:
/// <c>[Linear({|NG1001:1568|}, 128)]</c>, for several at one place <c>{|NG1001,NG3003:…|}</c>. For every NetGen id a line
/// <c>//! NG1001: message</c> follows in the order of the markers. A line <c>//# file: Name.cs</c> starts another file,
/// <c>//# reference: Name.cs</c> one of a library that the others refer to, <c>//# language: 11</c>, <c>//# unsafe: off</c> and
/// <c>//# note: NG4001</c>, which asks for what is off by default, and <c>//# property: Name=value</c> set the compilation up.
/// </summary>
internal sealed partial class Markup
{
    public List<(string Path, string Text)> Files { get; } = [];

    /// <summary>Sources of a library that the files refer to, without expectations.</summary>
    public List<(string Path, string Text)> LibraryFiles { get; } = [];

    public List<ExpectedDiagnostic> Expected { get; } = [];

    public LanguageVersion LanguageVersion { get; private set; } = LanguageVersion.CSharp12;

    public bool AllowUnsafe { get; private set; } = true;

    /// <summary>Diagnostics that are off by default and asked for.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Properties of the project that the generator sees.</summary>
    public List<(string Name, string Value)> Properties { get; } = [];

    public static Markup Parse(string fixture)
    {
        var markup = new Markup();
        var messages = new Queue<(string Id, string Message)>();
        string path = "Fixture.cs";
        var text = new StringBuilder();
        bool isLibrary = false;
        var files = new List<(string Path, string Text)>();
        foreach (string line in fixture.Split('\n'))
        {
            if (line.StartsWith("//# file: ", StringComparison.Ordinal) || line.StartsWith("//# reference: ", StringComparison.Ordinal))
            {
                (isLibrary ? markup.LibraryFiles : files).Add((path, text.ToString()));
                isLibrary = line.StartsWith("//# reference: ", StringComparison.Ordinal);
                path = line[(line.IndexOf(':') + 1)..].Trim();
                text.Clear();
            }
            else if (line.StartsWith("//# language: ", StringComparison.Ordinal))
            {
                Assert.True(LanguageVersionFacts.TryParse(line["//# language: ".Length..].Trim(), out LanguageVersion version));
                markup.LanguageVersion = version;
            }
            else if (line.StartsWith("//# note: ", StringComparison.Ordinal))
                markup.Notes.Add(line["//# note: ".Length..].Trim());
            else if (line.StartsWith("//# property: ", StringComparison.Ordinal))
            {
                string[] property = line["//# property: ".Length..].Trim().Split('=');
                markup.Properties.Add((property[0], property[1]));
            }
            else if (line.Trim() == "//# unsafe: off")
                markup.AllowUnsafe = false;
            else if (line.StartsWith("//! ", StringComparison.Ordinal))
            {
                string[] parts = line[4..].Split(": ", 2);
                messages.Enqueue((parts[0], parts[1].TrimEnd()));
            }
            else
                text.Append(line).Append('\n');
        }
        (isLibrary ? markup.LibraryFiles : files).Add((path, text.ToString()));
        foreach ((string filePath, string fileText) in files)
            markup.AddFile(filePath, fileText);

        for (int i = 0; i < markup.Expected.Count; i++)
        {
            ExpectedDiagnostic expected = markup.Expected[i];
            if (!expected.Id.StartsWith("NG", StringComparison.Ordinal) || !messages.TryDequeue(out (string Id, string Message) message))
                continue;
            Assert.True(message.Id == expected.Id, $"The message of {message.Id} stands where that of {expected.Id} is expected.");
            markup.Expected[i] = expected with { Message = message.Message };
        }
        Assert.Empty(messages);
        return markup;
    }

    private void AddFile(string path, string text)
    {
        var plain = new StringBuilder();
        var open = new Stack<(string Ids, int Start, int Order)>();
        var found = new List<(int Order, ExpectedDiagnostic Diagnostic)>();
        int position = 0, order = 0;
        foreach (Match match in Marker().Matches(text))
        {
            plain.Append(text, position, match.Index - position);
            position = match.Index + match.Length;
            if (match.Groups["ids"].Success)
            {
                open.Push((match.Groups["ids"].Value, plain.Length, order++));
                continue;
            }
            (string ids, int start, int opened) = open.Pop();
            string marked = plain.ToString(start, plain.Length - start);
            foreach (string id in ids.Split(','))
                found.Add((opened, new ExpectedDiagnostic(id, path, start, marked.Length, marked, Message: null)));
        }
        Assert.Empty(open);
        plain.Append(text, position, text.Length - position);
        Files.Add((path, plain.ToString()));
        Expected.AddRange(found.OrderBy(pair => pair.Order).Select(pair => pair.Diagnostic));
    }

    [GeneratedRegex(@"\{\|(?<ids>(NG|CS)\d{4}(,(NG|CS)\d{4})*):|\|\}")]
    private static partial Regex Marker();
}
