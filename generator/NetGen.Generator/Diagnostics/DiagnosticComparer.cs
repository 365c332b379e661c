using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Diagnostics;

/// <summary>Diagnostics are the same to a reader if they say the same at the same place.</summary>
internal sealed class DiagnosticComparer : IEqualityComparer<Diagnostic>
{
    public static DiagnosticComparer Instance { get; } = new();

    public bool Equals(Diagnostic? x, Diagnostic? y)
        => ReferenceEquals(x, y) || (x is not null && y is not null && x.Id == y.Id && x.Location == y.Location && Text(x) == Text(y));

    public int GetHashCode(Diagnostic diagnostic) => unchecked(diagnostic.Id.GetHashCode() * 31 + diagnostic.Location.GetHashCode());

    /// <summary>
    /// The diagnostics of a whole compilation. A block that networks use is checked with them, where its shapes are known; what
    /// it has in error by itself is added only where no network said so.
    /// </summary>
    public static IEnumerable<Diagnostic> Merge(ImmutableArray<EquatableArray<Diagnostic>> ofNetworks,
        ImmutableArray<EquatableArray<Diagnostic>> ofBlocks)
    {
        var merged = ofNetworks.SelectMany(diagnostics => diagnostics).Distinct(Instance).ToList();
        var places = new HashSet<(string, Location)>(merged.Select(diagnostic => (diagnostic.Id, diagnostic.Location)));
        merged.AddRange(
            ofBlocks.SelectMany(diagnostics => diagnostics).Distinct(Instance)
            .Where(diagnostic => !places.Contains((diagnostic.Id, diagnostic.Location))));
        return merged;
    }

    private static string Text(Diagnostic diagnostic) => diagnostic.GetMessage(CultureInfo.InvariantCulture);
}
