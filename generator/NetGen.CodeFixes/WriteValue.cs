using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using NetGen.Generator.Diagnostics;

namespace NetGen.CodeFixes;

/// <summary>
/// NG1001, NG1002: writes the number that fits what precedes, as a product where an image is flattened: <c>7 * 7 * 64</c>.
/// NG1006, NG1009, NG1013, NG3050, NG3051: writes the value that was meant.
/// NG2012, NG2013: writes a name that can be one, or that is free.
/// NG1062, NG1076, NG1081, NG1085, NG1086: writes the nearest of the names that there are for one that is misspelt.
/// NG2026: writes the full name of what a generated member hides.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(WriteValue)), Shared]
public sealed class WriteValue : SourceFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
        ImmutableArray.Create(
            "NG1001", "NG1002", "NG1006", "NG1009", "NG1013", "NG1062", "NG1076", "NG1081", "NG1085", "NG1086", "NG2012", "NG2013", "NG2026",
            "NG3050", "NG3051");

    private protected override Edit? EditFor(SyntaxNode root, Diagnostic diagnostic)
    {
        TextSpan span = diagnostic.Location.SourceSpan;
        // What is fixed is always an expression that is there; an outdated diagnostic may point at anything.
        return diagnostic.Properties.TryGetValue(FixProperties.Value, out string? value) && value is not null
            && root.FullSpan.Contains(span) && root.FindNode(span, getInnermostNodeForTie: true) is ExpressionSyntax expression
                && expression.Span == span
                // Two numbers for one are no value of a parameter by name.
                && !(diagnostic.Id == "NG3050" && expression.Parent is AttributeArgumentSyntax { NameColon: not null })
            ? new Edit($"Write {value}", new TextChange(span, value))
            : null;
    }
}
