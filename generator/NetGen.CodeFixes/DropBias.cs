using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace NetGen.CodeFixes;

/// <summary>NG3010: switches off a bias that a normalisation takes away again.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DropBias)), Shared]
public sealed class DropBias : SourceFix
{
    private const string Title = "Drop the bias";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("NG3010");

    private protected override Edit? EditFor(SyntaxNode root, Diagnostic diagnostic)
    {
        TextSpan span = diagnostic.Location.SourceSpan;
        if (AttributeSyntaxes.At(root, diagnostic) is not { ArgumentList: AttributeArgumentListSyntax list } attribute)
            return null;
        // The diagnostic lies on the argument where one says that there is a bias, otherwise on the attribute.
        if (list.Arguments.FirstOrDefault(argument => argument.Expression.Span == span) is AttributeArgumentSyntax given)
            return new Edit(Title, new TextChange(given.Expression.Span, "false"));
        return attribute.Span == span && list.Arguments.Count > 0
            ? new Edit(Title, new TextChange(new TextSpan(list.Arguments.Last().Span.End, 0), ", Bias = false"))
            : null;
    }
}
