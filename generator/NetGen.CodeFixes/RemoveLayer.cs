using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using NetGen.Generator.Diagnostics;

namespace NetGen.CodeFixes;

/// <summary>NG3002, NG3020, NG3052: takes away a layer that a loss does not go with.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveLayer)), Shared]
public sealed class RemoveLayer : SourceFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("NG3002", "NG3020", "NG3052");

    private protected override Edit? EditFor(SyntaxNode root, Diagnostic diagnostic)
        => diagnostic.Properties.TryGetValue(FixProperties.Remove, out string? what) && what == FixProperties.Layer
            && AttributeSyntaxes.At(root, diagnostic) is { } attribute && attribute.Span == diagnostic.Location.SourceSpan
            ? new Edit($"Remove {AttributeSyntaxes.SimpleName(attribute)}", AttributeSyntaxes.Removal(attribute, root.GetText())) : null;
}
