using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Reading;

namespace NetGen.Generator.Parsing;

/// <summary>
/// NG2072 and NG1013 for values that no attribute can have: what is known at run time only, and tuples. The compiler refuses them too,
/// in words about attributes that do not say what to write.
/// </summary>
/// <param name="typeName">The attribute as the user writes it, e.g. <c>Conv2d</c>.</param>
internal sealed class ConstantRules(string typeName, INamedTypeSymbol attributeClass, SemanticModels models, Action<Diagnostic> report,
    CancellationToken cancellationToken)
{
    public void Check(AttributeSyntax attribute)
    {
        if (attribute.ArgumentList is not { } list)
            return;
        SemanticModel model = models.Of(attribute);
        for (int i = 0; i < list.Arguments.Count; i++)
        {
            AttributeArgumentSyntax argument = list.Arguments[i];
            if (argument.Expression is TupleExpressionSyntax tuple)
                ReportTuple(argument, tuple, i);
            else if (!model.GetConstantValue(argument.Expression, cancellationToken).HasValue)
                CheckValue(argument.Expression, model);
        }
    }

    private void ReportTuple(AttributeArgumentSyntax argument, TupleExpressionSyntax tuple, int index)
    {
        string values = string.Join(", ", tuple.Arguments.Select(value => value.Expression.ToString()));
        // An option is of type object, which says nothing of what a list in brackets is.
        string list = argument.NameEquals is null ? $"[{values}]" : $"new[] {{ {values} }}";
        string name = argument.NameEquals?.Name.Identifier.ValueText ?? argument.NameColon?.Name.Identifier.ValueText
            ?? attributeClass.InstanceConstructors.SelectMany(one => one.Parameters)
                .FirstOrDefault(parameter => parameter.Ordinal == index && parameter.Type is IArrayTypeSymbol)?.Name ?? "list";
        report(Diagnostic.Create(DiagnosticDescriptors.WrongArgumentForm, tuple.GetLocation(),
            ImmutableDictionary<string, string?>.Empty.Add(FixProperties.Value, list), typeName, name, $"a list, written {list}",
            $"the tuple {tuple}"));
    }

    private void CheckValue(ExpressionSyntax value, SemanticModel model)
    {
        foreach (SyntaxNode node in value.DescendantNodesAndSelf(node => node is not TypeOfExpressionSyntax))
        {
            if (node is not (IdentifierNameSyntax or InvocationExpressionSyntax or MemberAccessExpressionSyntax)
                || model.GetSymbolInfo(node, cancellationToken).Symbol is not { } symbol)
                continue;
            string? what = symbol switch
            {
                IFieldSymbol { IsConst: false, ContainingType.TypeKind: not TypeKind.Enum } field
                    => $"the {(field.IsReadOnly ? "readonly " : "")}field '{node}'",
                IPropertySymbol => $"the property '{node}'",
                IMethodSymbol { MethodKind: MethodKind.Ordinary } => $"what '{node}' returns",
                _ => null,
            };
            if (what is null)
                continue;
            (string advice, Location? declaration) = Advice(symbol, model);
            ImmutableDictionary<string, string?> fix = ImmutableDictionary<string, string?>.Empty;
            if (declaration is not null)
                fix = fix.Add(FixProperties.Declaration, symbol.Name);
            report(Diagnostic.Create(DiagnosticDescriptors.NotConstant, value.GetLocation(),
                declaration is null ? [] : new[] { declaration }, fix, typeName, what, advice));
            return;
        }
    }

    /// <summary>What to do, and the field that can be made a constant as it is.</summary>
    private (string Advice, Location? Declaration) Advice(ISymbol symbol, SemanticModel model)
    {
        if (symbol is IFieldSymbol { Type.SpecialType: SpecialType.System_Int32 or SpecialType.System_Double or SpecialType.System_Single
                or SpecialType.System_Boolean or SpecialType.System_String } field
            && field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken)
                is VariableDeclaratorSyntax { Initializer.Value: var initial } declared
            && declared.Parent is VariableDeclarationSyntax { Variables.Count: 1 }
            && models.Of(declared).GetConstantValue(initial, cancellationToken).HasValue)
        {
            return ($"declare '{field.Name}' const", declared.SyntaxTree == model.SyntaxTree ? declared.GetLocation() : null);
        }
        return ("write a number, or a const that is computed from numbers", null);
    }
}
