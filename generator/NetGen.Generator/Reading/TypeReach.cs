using Microsoft.CodeAnalysis;

namespace NetGen.Generator.Reading;

/// <summary>Whether generated code, which stands in files and classes of its own, can name a type.</summary>
internal static class TypeReach
{
    /// <summary>Why it cannot, in words; null where it can.</summary>
    public static string? Obstacle(ITypeSymbol type)
    {
        switch (type)
        {
            case IArrayTypeSymbol array:
                return Obstacle(array.ElementType);
            case INamedTypeSymbol named:
                if (named.IsFileLocal)
                    return $"'{named.Name}' is local to its file";
                if (Words(named.DeclaredAccessibility) is { } accessibility)
                    return $"'{named.Name}' is {accessibility}";
                return named.TypeArguments.Select(Obstacle).FirstOrDefault(obstacle => obstacle is not null)
                    ?? (named.ContainingType is { } outer ? Obstacle(outer) : null);
            default:
                return null;
        }
    }

    /// <summary>It, or something it is made of, is a type parameter or does not exist.</summary>
    public static bool IsOpen(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => IsOpen(array.ElementType),
        INamedTypeSymbol named => named.TypeKind == TypeKind.Error || named.TypeArguments.Any(IsOpen)
            || (named.ContainingType is { } outer && IsOpen(outer)),
        _ => type.TypeKind is TypeKind.TypeParameter or TypeKind.Error,
    };

    /// <summary>Accessibility that ends before the project does.</summary>
    private static string? Words(Accessibility accessibility) => accessibility switch
    {
        Accessibility.Private => "private",
        Accessibility.Protected => "protected",
        Accessibility.ProtectedAndInternal => "private protected",
        _ => null,
    };
}
