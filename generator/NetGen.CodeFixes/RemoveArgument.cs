using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using NetGen.Generator.Diagnostics;

namespace NetGen.CodeFixes;

/// <summary>
/// NG1060, NG1067, NG2050, NG2071: takes away an option that has no meaning, or is a layer of its own, which it puts behind.
/// NG1010: takes the batch away from the dimensions of a sample.
///</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveArgument)), Shared]
public sealed class RemoveArgument : SourceFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
        ImmutableArray.Create("NG1010", "NG1060", "NG1067", "NG2050", "NG2071");

    private protected override Edit? EditFor(SyntaxNode root, Diagnostic diagnostic)
    {
        if (!diagnostic.Properties.TryGetValue(FixProperties.Remove, out string? what) || what != FixProperties.Argument
            || AttributeSyntaxes.At(root, diagnostic) is not { ArgumentList.Arguments: var arguments } attribute)
            return null;
        TextSpan span = diagnostic.Location.SourceSpan;
        // What is said of the attribute as a whole is about its first argument, the batch.
        AttributeArgumentSyntax? argument = attribute.Span == span
            ? arguments.Count == 4 && arguments.All(one => one.NameEquals is null && one.NameColon is null) ? arguments[0] : null
            : arguments.FirstOrDefault(one => one.Span.Contains(span));
        if (argument is null)
            return null;
        TextChange removal = AttributeSyntaxes.Removal(argument);
        if (!diagnostic.Properties.TryGetValue(FixProperties.InsertBehind, out string? layer))
            return new Edit($"Remove '{argument}'", removal);
        return new Edit($"Put {layer} behind it", removal,
            new TextChange(new TextSpan(attribute.Span.End, 0), $", {AttributeSyntaxes.Qualifier(attribute)}{layer}"));
    }
}
