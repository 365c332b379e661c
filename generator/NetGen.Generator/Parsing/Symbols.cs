using Microsoft.CodeAnalysis;

namespace NetGen.Generator.Parsing;

/// <summary>Names of NetGen's attributes, and questions about symbols.</summary>
internal static class Symbols
{
    public const string NetworkAttribute = "NetGen.NetworkAttribute";
    public const string BlockAttribute = "NetGen.BlockAttribute";
    public const string BudgetAttribute = "NetGen.BudgetAttribute";
    public const string StreamAttribute = "NetGen.StreamAttribute";
    public const string InferenceOnlyAttribute = "NetGen.InferenceOnlyAttribute";
    public const string InitializeAttribute = "NetGen.InitializeAttribute";
    public const string LayerAttribute = "NetGen.LayerAttribute";
    public const string LossAttribute = "NetGen.LossAttribute";

    private const string Suffix = "Attribute";

    /// <summary>E.g. <c>NetGen.ResidualAttribute`1</c>. Attributes of NetGen are not nested.</summary>
    public static string MetadataName(INamedTypeSymbol type)
    {
        string scope = type.ContainingType is not null ? MetadataName(type.ContainingType) + "+"
            : type.ContainingNamespace is { IsGlobalNamespace: false } ns ? ns.ToDisplayString() + "."
            : "";
        return scope + type.MetadataName;
    }

    /// <summary>E.g. <c>Conv2d</c> for Conv2dAttribute, <c>Residual&lt;Bottleneck&gt;</c> for a generic one.</summary>
    public static string ShortAttributeName(INamedTypeSymbol type)
    {
        string name = type.Name.EndsWith(Suffix, StringComparison.Ordinal) && type.Name.Length > Suffix.Length
            ? type.Name.Substring(0, type.Name.Length - Suffix.Length)
            : type.Name;
        return type.TypeArguments.IsEmpty ? name : $"{name}<{TypeArgumentName(type)}>";
    }

    /// <summary>The type argument of a generic attribute as the user would write it; empty if it has none.</summary>
    public static string TypeArgumentName(INamedTypeSymbol type)
        => string.Join(", ", type.TypeArguments.Select(argument => argument.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)));

    public static bool DerivesFrom(INamedTypeSymbol type, string metadataName)
    {
        for (INamedTypeSymbol? ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (MetadataName(ancestor) == metadataName)
                return true;
        }
        return false;
    }

    public static bool HasAttribute(INamedTypeSymbol type, string metadataName) => FindAttribute(type, metadataName) is not null;

    /// <summary>The first attribute of a kind on a class; null where there is none.</summary>
    public static AttributeData? FindAttribute(INamedTypeSymbol type, string metadataName) => type.GetAttributes().FirstOrDefault(
        attribute => attribute.AttributeClass is INamedTypeSymbol attributeClass && MetadataName(attributeClass) == metadataName);

    /// <summary>Where an attribute of a class is written; where the class is, if that is not known or there is no attribute.</summary>
    public static Location? PlaceOf(AttributeData? attribute, INamedTypeSymbol type, CancellationToken cancellationToken)
        => attribute?.ApplicationSyntaxReference?.GetSyntax(cancellationToken).GetLocation() ?? type.Locations.FirstOrDefault();
}
