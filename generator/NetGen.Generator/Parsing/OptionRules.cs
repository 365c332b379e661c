using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Text;

namespace NetGen.Generator.Parsing;

/// <summary>
/// NG2071: names of arguments that a layer does not have, and what was meant. The compiler refuses them too, but takes a misspelt option
/// for a missing type.
/// </summary>
/// <param name="typeName">The layer as it is called in NetGen.</param>
/// <param name="attributeClass">Its attribute.</param>
internal sealed class OptionRules(string typeName, INamedTypeSymbol attributeClass, Action<Diagnostic> report)
{
    /// <summary>Other libraries' names in small letters without underscores, and NetGen's.</summary>
    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        ["strides"] = "stride", ["filters"] = "outChannels", ["units"] = "outFeatures", ["poolsize"] = "kernelSize",
        ["kernel"] = "kernelSize", ["rate"] = "p", ["prob"] = "p", ["probability"] = "p", ["usebias"] = "bias", ["epsilon"] = "eps",
        ["dilationrate"] = "dilation", ["pad"] = "padding", ["alpha"] = "negativeSlope", ["slope"] = "negativeSlope",
        ["inchannel"] = "inChannels", ["outchannel"] = "outChannels", ["axis"] = "dim",
    };

    /// <summary>Activations as texts of other libraries have them.</summary>
    private static readonly Dictionary<string, string> Activations = new(StringComparer.OrdinalIgnoreCase)
    {
        ["relu"] = "ReLU", ["sigmoid"] = "Sigmoid", ["tanh"] = "Tanh", ["softmax"] = "Softmax", ["gelu"] = "GELU", ["elu"] = "ELU",
        ["selu"] = "SELU", ["silu"] = "SiLU", ["swish"] = "SiLU", ["leaky_relu"] = "LeakyReLU", ["softplus"] = "Softplus",
        ["mish"] = "Mish",
    };

    private readonly List<string> _properties = [.. PropertiesOf(attributeClass)];
    private readonly List<string> _parameters = [.. attributeClass.InstanceConstructors.Where(one => one.DeclaredAccessibility
        == Accessibility.Public).SelectMany(one => one.Parameters).Select(parameter => parameter.Name).Distinct()];

    /// <param name="isResolved">The compiler has found a constructor that takes what is written.</param>
    /// <param name="isThere">The attribute is this one; otherwise one whose name is to be put right first.</param>
    public void Check(AttributeSyntax attribute, bool isResolved, bool isThere)
    {
        if (attribute.ArgumentList is not { } list)
            return;
        foreach (AttributeArgumentSyntax argument in list.Arguments)
        {
            if (argument.NameEquals is { } equals && !_properties.Contains(equals.Name.Identifier.ValueText))
                Report(argument, equals.Name);
            else if (argument.NameColon is { } colon && !isResolved
                && (!_parameters.Contains(colon.Name.Identifier.ValueText) || (isThere && IsBetterSet(list, argument, colon.Name))))
                Report(argument, colon.Name);
        }
    }

    private static IEnumerable<string> PropertiesOf(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? one = type; one is { SpecialType: not SpecialType.System_Object }; one = one.BaseType)
        {
            foreach (IPropertySymbol property in one.GetMembers().OfType<IPropertySymbol>())
            {
                if (property is { IsStatic: false, SetMethod.DeclaredAccessibility: Accessibility.Public })
                    yield return property.Name;
            }
        }
    }

    /// <summary>No constructor takes the arguments: of a parameter that can be set as an option it may be that.</summary>
    private bool IsBetterSet(AttributeArgumentListSyntax list, AttributeArgumentSyntax argument, IdentifierNameSyntax name)
        => _properties.Contains(Identifiers.ToPascalCase(name.Identifier.ValueText))
            && (argument.Expression is LiteralExpressionSyntax { Token.Value: string }
                || !attributeClass.InstanceConstructors.Any(one => Takes(one, list)));

    /// <summary>By number and names of its parameters a constructor may be meant.</summary>
    private static bool Takes(IMethodSymbol constructor, AttributeArgumentListSyntax list)
    {
        int count = list.Arguments.Count(argument => argument.NameEquals is null && argument.NameColon is null);
        string[] names = [.. list.Arguments.Select(argument => argument.NameColon?.Name.Identifier.ValueText).OfType<string>()];
        return names.All(name => constructor.Parameters.Any(parameter => parameter.Name == name))
            && constructor.Parameters.Skip(count)
                .All(parameter => parameter.IsOptional || parameter.IsParams || names.Contains(parameter.Name));
    }

    private void Report(AttributeArgumentSyntax argument, IdentifierNameSyntax name)
    {
        string written = name.Identifier.ValueText, plain = Plain(written);
        ImmutableDictionary<string, string?> fix = ImmutableDictionary<string, string?>.Empty;
        // A parameter of another constructor may be an option here.
        string what = argument.NameColon is not null && _parameters.Contains(written)
            ? $"parameter '{written}' beside these arguments" : $"option '{written}'";
        string advice;
        if (plain is "activation" && Activation(argument.Expression) is { } activation)
        {
            advice = $"an activation is a layer of its own, {activation} behind {typeName}";
            fix = fix.Add(FixProperties.Remove, FixProperties.Argument).Add(FixProperties.InsertBehind, activation);
        }
        else if (plain is "inplace")
        {
            advice = "what is computed in place NetGen finds out by itself; leave it out";
            fix = fix.Add(FixProperties.Remove, FixProperties.Argument);
        }
        else if (plain is "inputshape" or "inputdim")
        {
            advice = "the dimensions of a sample are said once, in [Network(…)]; leave it out";
            fix = fix.Add(FixProperties.Remove, FixProperties.Argument);
        }
        else if (Meant(plain) is { } meant)
        {
            bool isProperty = _properties.Contains(meant);
            advice = $"write {meant}{(isProperty ? " = …" : ": …")}";
            if (CanBecome(argument, isProperty))
                fix = fix.Add(FixProperties.Option, meant + (isProperty ? " =" : ":"));
        }
        else
            advice = _properties.Count == 0 ? "it has none" : $"it has {MessageText.List(_properties)}";
        report(Diagnostic.Create(DiagnosticDescriptors.UnknownOption, name.GetLocation(), fix, typeName, what, advice));
    }

    /// <summary>The property, or where there is none the parameter, that was meant.</summary>
    private string? Meant(string plain)
    {
        string known = Others.TryGetValue(plain, out string? other) && HasAny(other) ? Plain(other) : plain;
        return _properties.Find(property => Plain(property) == known) ?? _parameters.Find(parameter => Plain(parameter) == known)
            ?? Nearest(_properties, known) ?? Nearest(_parameters, known);
    }

    private bool HasAny(string name)
        => _parameters.Contains(name) || _properties.Exists(property => Plain(property) == Plain(name));

    private static string? Nearest(List<string> names, string plain)
        => EditDistance.Nearest(plain, names.Select(Plain)) is { } near ? names.Find(name => Plain(name) == near) : null;

    /// <summary>Options stand behind all other arguments.</summary>
    private static bool CanBecome(AttributeArgumentSyntax argument, bool isProperty)
    {
        SeparatedSyntaxList<AttributeArgumentSyntax> all = ((AttributeArgumentListSyntax)argument.Parent!).Arguments;
        int index = all.IndexOf(argument);
        return isProperty ? all.Skip(index + 1).All(later => later.NameEquals is not null)
            : all.Take(index).All(earlier => earlier.NameEquals is null);
    }

    private static string? Activation(ExpressionSyntax expression)
        => expression is LiteralExpressionSyntax { Token.Value: string text } && Activations.TryGetValue(text, out string? layer)
            ? layer : null;

    private static string Plain(string name) => name.Replace("_", "").ToLowerInvariant();
}
