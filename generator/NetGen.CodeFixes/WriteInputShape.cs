using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using NetGen.Generator.Diagnostics;

namespace NetGen.CodeFixes;

/// <summary>NG1002, NG1003, NG3054: puts the channels of the network's input first, where they are declared last. NG1004: makes an image of
/// a vector.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(WriteInputShape)), Shared]
public sealed class WriteInputShape : SourceFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("NG1002", "NG1003", "NG1004", "NG3054");

    private protected override Edit? EditFor(SyntaxNode root, Diagnostic diagnostic)
    {
        if (!diagnostic.Properties.TryGetValue(FixProperties.InputShape, out string? shape) || shape is null
            || AttributeSyntaxes.At(root, diagnostic)?.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not TypeDeclarationSyntax type)
            return null;
        // The layer may stand in a block, and the network elsewhere.
        AttributeSyntax? network = type.AttributeLists.SelectMany(list => list.Attributes).FirstOrDefault(IsNetwork);
        if (network?.ArgumentList is not { Arguments.Count: > 0 } list)
            return null;
        SeparatedSyntaxList<AttributeArgumentSyntax> arguments = list.Arguments;
        // As the user has written them, which may be constants.
        string written = arguments.Count == shape.Split(',').Length
            ? string.Join(", ", arguments.Take(arguments.Count - 1).Prepend(arguments.Last()).Select(argument => argument.ToString()))
            : shape;
        TextSpan span = TextSpan.FromBounds(arguments.First().SpanStart, arguments.Last().Span.End);
        return new Edit($"Write [Network({written})]", new TextChange(span, written));
    }

    private static bool IsNetwork(AttributeSyntax attribute)
    {
        string name = attribute.Name is QualifiedNameSyntax qualified ? qualified.Right.Identifier.ValueText
            : attribute.Name is AliasQualifiedNameSyntax aliased ? aliased.Name.Identifier.ValueText
            : attribute.Name.ToString();
        return name is "Network" or "NetworkAttribute";
    }
}
