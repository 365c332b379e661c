using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace NetGen.CodeFixes;

/// <summary>NG2010: marks a class whose layers another uses as a block.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MarkBlock)), Shared]
public sealed class MarkBlock : SourceFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("NG2010");

    private protected override Edit? EditFor(SyntaxNode root, Diagnostic diagnostic)
    {
        // Only a class that has layers and no loss, in the same file.
        if (diagnostic.AdditionalLocations.FirstOrDefault() is not { } place || place.SourceTree != root.SyntaxTree
            || root.FindNode(place.SourceSpan).FirstAncestorOrSelf<ClassDeclarationSyntax>() is not { AttributeLists.Count: > 0 } block
            || block.AttributeLists.SelectMany(list => list.Attributes)
                .Select(one => AttributeSyntaxes.SimpleName(one)?.Identifier.ValueText)
                .Any(name => name is null or "Network" || name.EndsWith("Loss", StringComparison.Ordinal)))
            return null;
        AttributeSyntax first = block.AttributeLists[0].Attributes[0];
        return new Edit($"Mark '{block.Identifier.ValueText}' [Block]",
            new TextChange(new TextSpan(first.SpanStart, 0), AttributeSyntaxes.Qualifier(first) + "Block, "));
    }
}
