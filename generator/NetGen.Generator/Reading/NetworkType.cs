using Microsoft.CodeAnalysis;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Reading;

/// <summary>What the class of a network says of it, for another network that has it as a part.</summary>
/// <param name="FullName">The class as code anywhere may call it.</param>
/// <param name="Access"><c>public</c>, or <c>internal</c> for one that other projects do not see.</param>
/// <param name="InputShape">Dimensions of one sample; null where its attribute does not compile.</param>
internal sealed record NetworkType(string FullName, string Access, EquatableArray<int>? InputShape)
{
    /// <returns>Null for a class that is not marked [Network].</returns>
    public static NetworkType? Of(INamedTypeSymbol type)
    {
        AttributeData? network = type.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass is
        {
            Name: "NetworkAttribute",
            ContainingType: null,
            ContainingNamespace: { Name: "NetGen", ContainingNamespace.IsGlobalNamespace: true },
        });
        return network is null ? null
            : new NetworkType(type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), AccessOf(type), ShapeOf(network));
    }

    /// <summary>The dimensions that an attribute gives; null if its arguments do not compile.</summary>
    public static EquatableArray<int>? ShapeOf(AttributeData network)
    {
        if (network.AttributeConstructor is null || network.ConstructorArguments.Length != 1
            || network.ConstructorArguments[0].Kind != TypedConstantKind.Array)
            return null;
        TypedConstant dimensions = network.ConstructorArguments[0];
        if (dimensions.IsNull)
            return EquatableArray<int>.Empty;
        return dimensions.Values.Any(value => value.Kind != TypedConstantKind.Primitive || value.Value is not int) ? null
            : dimensions.Values.Select(value => (int)value.Value!).ToEquatableArray();
    }

    private static string AccessOf(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? one = type; one is not null; one = one.ContainingType)
        {
            if (one.DeclaredAccessibility != Accessibility.Public)
                return "internal";
        }
        return "public";
    }
}
