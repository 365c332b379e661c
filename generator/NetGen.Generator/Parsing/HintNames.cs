using System.Globalization;
using Microsoft.CodeAnalysis;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Parsing;

/// <summary>Keeps the names of generated files apart.</summary>
internal static class HintNames
{
    /// <summary>What stands between a network's name and the extension in the names of its other files.</summary>
    private static readonly string[] FileKinds = { "Kernels", "Avx512", "Avx2", "Vector128", "Graph" };

    /// <summary>
    /// Empty for nearly every network. Roslyn refuses two files whose names differ by case only and does not know the arity
    /// of a generic class: where the path to the class has such a twin, a hash of its exact name goes into the file's name. So it does
    /// where a class <c>Avx2</c> is nested in a network <c>Net</c>, which has a file <c>Net.Avx2.g.cs</c> itself.
    /// </summary>
    public static string SuffixFor(INamedTypeSymbol type, Compilation compilation)
        => HasTwin(type, compilation)
            || (type.ContainingType is not null && FileKinds.Contains(type.Name, StringComparer.OrdinalIgnoreCase))
            ? "-" + Hash(type.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat)) : "";

    /// <summary>
    /// Tells a struct or record from a class that is called the same, which the compiler refuses. Networks that are sound are classes.
    /// </summary>
    public static string KindOf(INamedTypeSymbol type)
        => (type.IsRecord ? "-record" : "") + (type.IsValueType ? "-struct" : "");

    private static bool HasTwin(INamedTypeSymbol type, Compilation compilation)
    {
        for (ISymbol level = type; level is not null; level = level.ContainingSymbol)
        {
            // Only this project's own declarations count, hence not the merged namespace of the compilation.
            INamespaceOrTypeSymbol? parent = level.ContainingSymbol switch
            {
                INamedTypeSymbol outer => outer,
                INamespaceSymbol outer
                    => outer.ConstituentNamespaces.FirstOrDefault(part =>
                    SymbolEqualityComparer.Default.Equals(part.ContainingAssembly, compilation.Assembly)),
                _ => null,
            };
            if (parent is null)
                return false;
            if (parent.GetMembers().Any(member => member is INamespaceOrTypeSymbol
                && !SymbolEqualityComparer.Default.Equals(member, level)
                && string.Equals(member.Name, level.Name, StringComparison.OrdinalIgnoreCase)
                && !(member is INamespaceSymbol && level is INamespaceSymbol && member.Name == level.Name)))
                return true;
        }
        return false;
    }

    /// <summary>FNV-1a, since string.GetHashCode differs from run to run.</summary>
    private static string Hash(string text)
    {
        uint hash = 2166136261;
        foreach (char c in text)
            hash = unchecked((hash ^ c) * 16777619);
        return hash.ToString("x8", CultureInfo.InvariantCulture);
    }
}
