using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace NetGen.CodeFixes;

internal static class AttributeSyntaxes
{
    /// <summary>The attribute in which a diagnostic lies; null if the text has changed since.</summary>
    public static AttributeSyntax? At(SyntaxNode root, Diagnostic diagnostic)
    {
        TextSpan span = diagnostic.Location.SourceSpan;
        return root.FullSpan.Contains(span) ? root.FindNode(span).FirstAncestorOrSelf<AttributeSyntax>() : null;
    }

    /// <summary>Who writes <c>[NetGen.Linear(10)]</c> may have no using of NetGen: what stands in front of the name.</summary>
    public static string Qualifier(AttributeSyntax attribute) => attribute.Name switch
    {
        QualifiedNameSyntax name => name.Left + ".",
        AliasQualifiedNameSyntax name => name.Alias + "::",
        _ => "",
    };

    /// <summary>The attribute's name without what stands in front.</summary>
    public static SimpleNameSyntax? SimpleName(AttributeSyntax attribute) => attribute.Name switch
    {
        SimpleNameSyntax name => name,
        QualifiedNameSyntax name => name.Right,
        AliasQualifiedNameSyntax name => name.Name,
        _ => null,
    };

    /// <summary>All attributes of the type that has the attribute, in their order.</summary>
    public static List<AttributeSyntax> Beside(AttributeSyntax attribute)
        => attribute.FirstAncestorOrSelf<MemberDeclarationSyntax>()?.AttributeLists.SelectMany(list => list.Attributes).ToList() ?? [];

    /// <summary>The change that takes an attribute away: with its comma, or with its brackets where it stands alone in them.</summary>
    public static TextChange Removal(AttributeSyntax attribute, SourceText text)
    {
        if (attribute.Parent is not AttributeListSyntax { Attributes: { Count: > 1 } attributes })
            return new TextChange(WithLine(attribute.Parent!.Span, text), "");
        int index = attributes.IndexOf(attribute);
        return new TextChange(index > 0 ? TextSpan.FromBounds(attributes[index - 1].Span.End, attribute.Span.End)
            : TextSpan.FromBounds(attribute.SpanStart, attributes[1].SpanStart), "");
    }

    /// <summary>The change that takes an argument away, with its comma or, if it is the only one, the parentheses.</summary>
    public static TextChange Removal(AttributeArgumentSyntax argument)
    {
        var list = (AttributeArgumentListSyntax)argument.Parent!;
        int index = list.Arguments.IndexOf(argument);
        return new TextChange(list.Arguments.Count == 1 ? list.Span
            : index > 0 ? TextSpan.FromBounds(list.Arguments[index - 1].Span.End, argument.Span.End)
            : TextSpan.FromBounds(argument.SpanStart, list.Arguments[1].SpanStart), "");
    }

    /// <summary>The whole line, where nothing else stands in it.</summary>
    private static TextSpan WithLine(TextSpan span, SourceText text)
    {
        TextLine first = text.Lines.GetLineFromPosition(span.Start), last = text.Lines.GetLineFromPosition(span.End);
        bool isAlone = text.ToString(TextSpan.FromBounds(first.Start, span.Start)).Trim().Length == 0
            && text.ToString(TextSpan.FromBounds(span.End, last.End)).Trim().Length == 0;
        return isAlone ? TextSpan.FromBounds(first.Start, last.EndIncludingLineBreak) : span;
    }
}
