using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using NetGen.Generator.Diagnostics;

namespace NetGen.CodeFixes;

/// <summary>NG2072: makes a constant of a field that has a constant value.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakeConst)), Shared]
public sealed class MakeConst : SourceFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("NG2072");

    private protected override Edit? EditFor(SyntaxNode root, Diagnostic diagnostic)
    {
        if (diagnostic.AdditionalLocations.FirstOrDefault() is not { } place || place.SourceTree != root.SyntaxTree
            || root.FindNode(place.SourceSpan).FirstAncestorOrSelf<FieldDeclarationSyntax>() is not { } field
            || !diagnostic.Properties.TryGetValue(FixProperties.Declaration, out string? name))
            return null;
        SyntaxToken[] replaced =
            [.. field.Modifiers.Where(one => one.IsKind(SyntaxKind.StaticKeyword) || one.IsKind(SyntaxKind.ReadOnlyKeyword))];
        // A field that is no readonly one may be written to.
        if (replaced.Length == 0 || !field.Modifiers.Any(SyntaxKind.ReadOnlyKeyword))
            return null;
        return new Edit($"Make '{name}' const", [.. replaced.Select((one, i) => i == 0 ? new TextChange(one.Span, "const")
            : new TextChange(TextSpan.FromBounds(one.SpanStart, one.GetNextToken().SpanStart), ""))]);
    }
}
