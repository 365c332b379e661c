using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace NetGen.CodeFixes;

/// <summary>NG2007: puts the loss behind the last layer.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MoveLoss)), Shared]
public sealed class MoveLoss : SourceFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("NG2007");

    private protected override Edit? EditFor(SyntaxNode root, Diagnostic diagnostic)
    {
        if (AttributeSyntaxes.At(root, diagnostic) is not { } loss)
            return null;
        AttributeSyntax last = AttributeSyntaxes.Beside(loss).Last();
        return last == loss ? null : new Edit($"Move {AttributeSyntaxes.SimpleName(loss)} to the end",
            AttributeSyntaxes.Removal(loss, root.GetText()), new TextChange(new TextSpan(last.Span.End, 0), ", " + loss));
    }
}
