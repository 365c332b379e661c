using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using NetGen.Generator.Diagnostics;

namespace NetGen.CodeFixes;

/// <summary>
/// NG1001, NG1004, NG1012: puts <c>Flatten</c> in front of a layer or loss that needs a vector. NG3003, NG3053: puts <c>ReLU</c> between
/// two layers that are one without. NG3021, NG3022: puts what gives probabilities, or their logarithms, in front of a loss that takes them.
/// NG2028: puts <c>Network</c> in front of the first layer.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(InsertLayer)), Shared]
public sealed class InsertLayer : SourceFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(
        "NG1001", "NG1004", "NG1012", "NG2028", "NG3003", "NG3021", "NG3022", "NG3053");

    private protected override Edit? EditFor(SyntaxNode root, Diagnostic diagnostic)
    {
        if (!diagnostic.Properties.TryGetValue(FixProperties.InsertBefore, out string? layer) || layer is null
            || AttributeSyntaxes.At(root, diagnostic) is not AttributeSyntax attribute)
            return null;
        return new Edit($"Insert {layer}",
            new TextChange(new TextSpan(attribute.SpanStart, 0), AttributeSyntaxes.Qualifier(attribute) + layer + ", "));
    }
}
