using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Generator.Diagnostics;

namespace NetGen.Generator.Reading;

/// <summary>Where the arguments of one attribute stand in the source, by name without regard to case.</summary>
internal sealed class AttributeSyntaxMap
{
    private readonly AttributeSyntax _attribute;
    private readonly Dictionary<string, List<AttributeArgumentSyntax>> _arguments = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _constructorArguments = new(StringComparer.OrdinalIgnoreCase);

    public AttributeSyntaxMap(AttributeSyntax attribute, IMethodSymbol? constructor)
    {
        _attribute = attribute;
        if (attribute.ArgumentList is null)
            return;
        int position = 0;
        foreach (AttributeArgumentSyntax argument in attribute.ArgumentList.Arguments)
        {
            if (argument.NameEquals is not null)
            {
                Add(argument.NameEquals.Name.Identifier.ValueText, argument);
                NamedArgumentCount++;
                continue;
            }
            string? name = argument.NameColon?.Name.Identifier.ValueText;
            if (name is null && constructor is { Parameters.Length: > 0 })
                name = constructor.Parameters[Math.Min(position, constructor.Parameters.Length - 1)].Name;
            position++;
            if (name is null)
                continue;
            _constructorArguments.Add(name);
            Add(name, argument);
        }

        void Add(string name, AttributeArgumentSyntax argument)
        {
            if (!_arguments.TryGetValue(name, out List<AttributeArgumentSyntax>? list))
                _arguments.Add(name, list = new List<AttributeArgumentSyntax>());
            list.Add(argument);
        }
    }

    private AttributeSyntaxMap(AttributeSyntaxMap other)
    {
        _attribute = other._attribute;
        _arguments = new(other._arguments, StringComparer.OrdinalIgnoreCase);
        _constructorArguments = other._constructorArguments;
    }

    /// <summary>The same for a layer that the attribute stands for, whose arguments have names of their own.</summary>
    public AttributeSyntaxMap Renamed(IEnumerable<(string Inside, string Outside)> names)
    {
        var renamed = new AttributeSyntaxMap(this);
        foreach ((string inside, string outside) in names)
        {
            if (_arguments.TryGetValue(outside, out List<AttributeArgumentSyntax>? list))
                renamed._arguments[inside] = list;
        }
        return renamed;
    }

    public AttributeSyntax Attribute => _attribute;

    /// <summary>Number of arguments of the form <c>Name = value</c>.</summary>
    public int NamedArgumentCount { get; }

    /// <summary>The argument stands in the parentheses without <c>=</c>.</summary>
    public bool IsGivenToConstructor(string argument) => _constructorArguments.Contains(argument);

    /// <summary>Location of the argument's value, of the type argument, or of the attribute where the argument is not written.</summary>
    /// <param name="element">Which value, where the argument takes several; null means all of them.</param>
    public Location Locate(string? argument, int? element = null)
    {
        if (ProblemPlace.TypeArgumentOf(argument) is int index && TypeArgument(index) is TypeSyntax type)
            return type.GetLocation();
        if (argument is not null && _arguments.TryGetValue(argument, out List<AttributeArgumentSyntax>? list))
            return LocateElement(list, element);
        return _attribute.GetLocation();
    }

    /// <summary>Location of the value after the equals sign; where there is none, of the attribute.</summary>
    public Location LocateNamed(string argument)
        => _arguments.TryGetValue(argument, out List<AttributeArgumentSyntax>? list)
            && list.Find(syntax => syntax.NameEquals is not null) is { } named
            ? named.Expression.GetLocation()
            : _attribute.GetLocation();

    /// <summary>The expressions of an argument: several where it is a list.</summary>
    public IReadOnlyList<ExpressionSyntax> ExpressionsOf(string argument)
    {
        if (!_arguments.TryGetValue(argument, out List<AttributeArgumentSyntax>? list))
            return [];
        return list.Count > 1 ? list.Select(syntax => syntax.Expression).ToArray()
            : ElementsOf(list[0].Expression) is { } elements
                ? elements.Select(element => element is ExpressionElementSyntax { Expression: var value } ? value : element)
                .OfType<ExpressionSyntax>().ToArray()
            : [list[0].Expression];
    }

    private static Location LocateElement(List<AttributeArgumentSyntax> list, int? element)
    {
        if (list.Count > 1)
            return list[Math.Min(element ?? 0, list.Count - 1)].Expression.GetLocation();
        // A single argument may still be a list: [1, 28, 28] or new[] { 1, 28, 28 }.
        SyntaxNode[] values = ElementsOf(list[0].Expression) ?? [];
        // Where elements are spread (..), their number tells nothing.
        return element is int index && index < values.Length && !values.Any(value => value is SpreadElementSyntax)
            ? values[index].GetLocation()
            : list[0].Expression.GetLocation();
    }

    /// <summary>The elements of a list that is written out; null where the expression is none.</summary>
    private static SyntaxNode[]? ElementsOf(ExpressionSyntax expression) => expression switch
    {
        CollectionExpressionSyntax collection => collection.Elements.ToArray<SyntaxNode>(),
        ImplicitArrayCreationExpressionSyntax array => array.Initializer.Expressions.ToArray<SyntaxNode>(),
        ArrayCreationExpressionSyntax { Initializer: not null } array => array.Initializer.Expressions.ToArray<SyntaxNode>(),
        _ => null,
    };

    private TypeSyntax? TypeArgument(int index) => _attribute.Name switch
    {
        GenericNameSyntax generic => generic.TypeArgumentList.Arguments.ElementAtOrDefault(index),
        QualifiedNameSyntax { Right: GenericNameSyntax generic } => generic.TypeArgumentList.Arguments.ElementAtOrDefault(index),
        AliasQualifiedNameSyntax { Name: GenericNameSyntax generic } => generic.TypeArgumentList.Arguments.ElementAtOrDefault(index),
        _ => null,
    };
}
