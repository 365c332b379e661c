using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using NetGen.Generator.Diagnostics;

namespace NetGen.CodeFixes;

/// <summary>
/// NG2070: writes a layer's name for one of other libraries, or a misspelt one. NG1004: writes the layer for the dimensions that come.
///</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(WriteLayerName)), Shared]
public sealed class WriteLayerName : SourceFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("NG1004", "NG2070");

    private protected override Edit? EditFor(SyntaxNode root, Diagnostic diagnostic)
    {
        if (!diagnostic.Properties.TryGetValue(FixProperties.LayerName, out string? name) || name is null
            || AttributeSyntaxes.At(root, diagnostic) is not { } attribute || AttributeSyntaxes.SimpleName(attribute) is not { } written)
            return null;
        // The name may bring arguments with it; what stood between empty parentheses is nothing.
        TextSpan span = name.EndsWith(")", StringComparison.Ordinal) && attribute.ArgumentList is { } list
            ? TextSpan.FromBounds(written.Identifier.SpanStart, list.Span.End) : written.Identifier.Span;
        return new Edit($"Write {name}", new TextChange(span, name));
    }
}
