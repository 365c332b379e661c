using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using NetGen.Generator.Diagnostics;

namespace NetGen.CodeFixes;

/// <summary>NG2071: writes the option that was meant, as it can be given. NG1095: adds one.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(WriteOption)), Shared]
public sealed class WriteOption : SourceFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("NG1095", "NG2071");

    private protected override Edit? EditFor(SyntaxNode root, Diagnostic diagnostic)
    {
        if (AttributeSyntaxes.At(root, diagnostic) is not { ArgumentList: { Arguments.Count: > 0 } list })
            return null;
        if (diagnostic.Properties.TryGetValue(FixProperties.AddOption, out string? added))
            return new Edit($"Add '{added}'", new TextChange(new TextSpan(list.Arguments.Last().Span.End, 0), ", " + added));
        if (!diagnostic.Properties.TryGetValue(FixProperties.Option, out string? option) || option is null)
            return null;
        SyntaxNode? name = list.Arguments.Select(argument => (SyntaxNode?)argument.NameEquals ?? argument.NameColon)
            .FirstOrDefault(one => one is not null && one.Span.Contains(diagnostic.Location.SourceSpan));
        return name is null ? null
            : new Edit($"Write {option}", new TextChange(TextSpan.FromBounds(name.SpanStart, Value(name).SpanStart), option + " "));
    }

    private static ExpressionSyntax Value(SyntaxNode name) => ((AttributeArgumentSyntax)name.Parent!).Expression;
}
