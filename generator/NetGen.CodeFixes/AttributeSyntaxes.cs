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
}
