using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using NetGen.Generator.Diagnostics;

namespace NetGen.CodeFixes;

/// <summary>NG1001, NG1004, NG1012: puts <c>Flatten</c> in front of a layer or loss that needs a vector.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(InsertLayer)), Shared]
public sealed class InsertLayer : SourceFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("NG1001", "NG1004", "NG1012");

    private protected override Edit? EditFor(SyntaxNode root, Diagnostic diagnostic)
    {
        if (!diagnostic.Properties.TryGetValue(FixProperties.InsertBefore, out string? layer) || layer is null
            || AttributeSyntaxes.At(root, diagnostic) is not AttributeSyntax attribute)
            return null;
        // Who writes [NetGen.Linear(10)] may have no using of NetGen.
        string qualifier = attribute.Name switch
        {
            QualifiedNameSyntax name => name.Left + ".",
            AliasQualifiedNameSyntax name => name.Alias + "::",
            _ => "",
        };
        return new Edit($"Insert {layer}", new TextChange(new TextSpan(attribute.SpanStart, 0), qualifier + layer + ", "));
    }
}
