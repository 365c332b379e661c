using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using NetGen.Generator.Diagnostics;

namespace NetGen.CodeFixes;

/// <summary>NG1004: puts Flatten behind the layers of images that it stands in front of.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MoveFlatten)), Shared]
public sealed class MoveFlatten : SourceFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("NG1004");

    /// <summary>What takes vectors: in front of the first of these Flatten is needed, and behind all others it does no harm.</summary>
    private static readonly string[] s_ofVectors = ["Linear", "Softmax", "LogSoftmax", "BatchNorm1d", "Bilinear", "CosineSimilarity"];

    private protected override Edit? EditFor(SyntaxNode root, Diagnostic diagnostic)
    {
        if (!diagnostic.Properties.ContainsKey(FixProperties.MoveFlatten) || AttributeSyntaxes.At(root, diagnostic) is not { } layer)
            return null;
        List<AttributeSyntax> all = AttributeSyntaxes.Beside(layer);
        int at = all.IndexOf(layer), from = all.FindLastIndex(at, one => Name(one) == "Flatten"),
            to = all.FindIndex(at + 1, one
                => s_ofVectors.Contains(Name(one)) || Name(one)?.EndsWith("Loss", StringComparison.Ordinal) == true);
        // Who flattens some dimensions only knows why.
        if (from < 0 || all[from].ArgumentList is { Arguments.Count: > 0 })
            return null;
        TextChange removal = AttributeSyntaxes.Removal(all[from], root.GetText());
        int second = all.FindIndex(at + 1, one => Name(one) == "Flatten");
        if (second > at && (to < 0 || second < to))
            return new Edit("Remove Flatten", removal);
        string flatten = all[from].ToString();
        return new Edit("Move Flatten behind the layers of images", removal, to < 0
            ? new TextChange(new TextSpan(all.Last().Span.End, 0), ", " + flatten)
            : new TextChange(new TextSpan(all[to].SpanStart, 0), flatten + ", "));
    }

    private static string? Name(AttributeSyntax attribute) => AttributeSyntaxes.SimpleName(attribute)?.Identifier.ValueText;
}
