using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace NetGen.CodeFixes;

/// <summary>NG3040: marks a method of an element function for inlining.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MarkForInlining)), Shared]
public sealed class MarkForInlining : SourceFix
{
    private const string Namespace = "System.Runtime.CompilerServices";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("NG3040");

    private protected override Edit? EditFor(SyntaxNode root, Diagnostic diagnostic)
    {
        TextSpan span = diagnostic.Location.SourceSpan;
        // What other options of MethodImpl are for, its author knows.
        if (!root.FullSpan.Contains(span) || root.FindNode(span).FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { } method
            || method.AttributeLists.Any(list => list.Attributes.Any(attribute => attribute.Name.ToString().Contains("MethodImpl"))))
        {
            return null;
        }
        string qualifier = Imports(root) ? "" : Namespace + ".";
        string attribute = $"[{qualifier}MethodImpl({qualifier}MethodImplOptions.AggressiveInlining)]";
        SourceText text = root.GetText();
        TextLine line = text.Lines.GetLineFromPosition(method.SpanStart);
        string before = text.ToString(TextSpan.FromBounds(line.Start, method.SpanStart));
        string separator = before.Trim().Length > 0 ? " "
            : text.ToString(TextSpan.FromBounds(line.End, line.EndIncludingLineBreak)) + before;
        return new Edit($"Mark '{method.Identifier.ValueText}' for inlining",
            new TextChange(new TextSpan(method.SpanStart, 0), attribute + separator));
    }

    private static bool Imports(SyntaxNode root) => root
        .DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
        .OfType<UsingDirectiveSyntax>().Any(directive => directive.Alias is null && directive.Name?.ToString() == Namespace);
}
