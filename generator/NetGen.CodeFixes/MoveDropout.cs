using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace NetGen.CodeFixes;

/// <summary>NG3012: puts dropout behind the batch normalisation that it stands in front of.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MoveDropout)), Shared]
public sealed class MoveDropout : SourceFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("NG3012");

    private protected override Edit? EditFor(SyntaxNode root, Diagnostic diagnostic)
    {
        if (AttributeSyntaxes.At(root, diagnostic) is not { } dropout)
            return null;
        List<AttributeSyntax> all = AttributeSyntaxes.Beside(dropout);
        AttributeSyntax? norm = all.Skip(all.IndexOf(dropout) + 1).FirstOrDefault(one
            => AttributeSyntaxes.SimpleName(one)?.Identifier.ValueText is "BatchNorm1d" or "BatchNorm2d");
        return norm is null ? null : new Edit($"Move {AttributeSyntaxes.SimpleName(dropout)} behind {AttributeSyntaxes.SimpleName(norm)}",
            AttributeSyntaxes.Removal(dropout, root.GetText()), new TextChange(new TextSpan(norm.Span.End, 0), ", " + dropout));
    }
}
