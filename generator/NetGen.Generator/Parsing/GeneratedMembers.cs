using NetGen.Generator.Surface;

namespace NetGen.Generator.Parsing;

/// <summary>The names that the generated part of a network takes, so that no layer and no member of the user's may have them.</summary>
internal static class GeneratedMembers
{
    private static readonly HashSet<string> Names = new(NetworkMembers.Names, StringComparer.Ordinal);

    private static readonly HashSet<string> ObjectMembers = new(StringComparer.Ordinal)
    {
        "Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "ReferenceEquals", "ToString",
    };

    /// <summary>The members of the network itself, apart from those of its layers.</summary>
    public static IReadOnlyCollection<string> All => Names;

    /// <summary>All members of a network.</summary>
    /// <param name="layerProperties">Names of the properties of its layers.</param>
    /// <param name="hasStream">It has the members of a stream.</param>
    public static HashSet<string> Of(IEnumerable<string> layerProperties, bool hasStream = false)
    {
        var all = new HashSet<string>(Names, StringComparer.Ordinal);
        if (hasStream)
            all.UnionWith(NetworkMembers.OfStream);
        foreach (string property in layerProperties)
        {
            all.Add(property);
            all.Add(NetworkMembers.ParametersOf(property));
        }
        return all;
    }

    /// <summary>The generated methods; members of the same name with other parameters are allowed beside them.</summary>
    public static IReadOnlyDictionary<string, string[]> MethodParameters { get; } = NetworkMembers.All
        .Where(member => member.Kind == MemberKind.Method)
        .ToDictionary(
            member => member.Name, member => member.Parameters.Select(parameter => parameter.PlainType).ToArray(), StringComparer.Ordinal);

    /// <summary>
    /// What the generated member may override of a base class's: its type must be one of these, without annotations of null.
    /// </summary>
    public static IReadOnlyDictionary<string, string[]> OverridableTypes { get; } = NetworkMembers.All
        .Where(member => member.Overrides.Count > 0)
        .ToDictionary(member => member.Name, member => member.Overrides.ToArray(), StringComparer.Ordinal);

    /// <summary>The member that a layer's property of this name would collide with; null where the name is free.</summary>
    /// <param name="inBlock">The layer is one of a block.</param>
    /// <param name="hasStream">The network has a stream.</param>
    public static string? ReservedBy(string propertyName, bool inBlock, bool hasStream = false)
    {
        if (!inBlock && hasStream && NetworkMembers.OfStream.Contains(propertyName))
            return propertyName;
        if (!inBlock && propertyName == NetworkMembers.AllGradients)
            return $"{NetworkMembers.Gradients}.{NetworkMembers.AllGradients}";
        bool isTaken = Names.Contains(propertyName) || ObjectMembers.Contains(propertyName)
            || NetworkMembers.TypeSuffixes.Any(suffix => propertyName.EndsWith(suffix, StringComparison.Ordinal));
        return isTaken ? propertyName : null;
    }
}
