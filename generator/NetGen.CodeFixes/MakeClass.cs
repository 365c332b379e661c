using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace NetGen.CodeFixes;

/// <summary>NG2016: makes a class of a struct or record, and takes away that it is static or abstract.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakeClass)), Shared]
public sealed class MakeClass : SourceFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("NG2016");

    private protected override Edit? EditFor(SyntaxNode root, Diagnostic diagnostic)
    {
        TextSpan span = diagnostic.Location.SourceSpan;
        if (!root.FullSpan.Contains(span) || root.FindNode(span).FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } type
            || type.ParameterList is not null)
            return null;
        string name = type.Identifier.ValueText;
        if (type is StructDeclarationSyntax)
        {
            // No class is readonly.
            SyntaxToken readOnly = type.Modifiers.FirstOrDefault(one => one.IsKind(SyntaxKind.ReadOnlyKeyword));
            var keyword = new TextChange(type.Keyword.Span, "class");
            return new Edit($"Make '{name}' a class", readOnly.RawKind == 0 ? [keyword]
                : [new TextChange(TextSpan.FromBounds(readOnly.SpanStart, readOnly.GetNextToken().SpanStart), ""), keyword]);
        }
        if (type is RecordDeclarationSyntax record)
        {
            return new Edit($"Make '{name}' a class",
                new TextChange(TextSpan.FromBounds(record.Keyword.SpanStart, record.ClassOrStructKeyword.IsKind(SyntaxKind.None)
                    ? record.Keyword.Span.End : record.ClassOrStructKeyword.Span.End), "class"));
        }
        // Members of a static class are static, which would hide that they belong to no instance.
        SyntaxToken modifier = type.Modifiers.FirstOrDefault(one => one.IsKind(SyntaxKind.AbstractKeyword)
            || (one.IsKind(SyntaxKind.StaticKeyword) && type.Members.Count == 0));
        return modifier.RawKind == 0 || type.Members.Any(member => member.Modifiers.Any(SyntaxKind.AbstractKeyword)) ? null
            : new Edit($"Make '{name}' not {modifier.ValueText}",
                new TextChange(TextSpan.FromBounds(modifier.SpanStart, modifier.GetNextToken().SpanStart), ""));
    }
}
