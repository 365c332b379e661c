using NetGen.Generator.Emit;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Parsing;

/// <summary>The names that the generated part of a network takes, so that no layer and no member of the user's may have them.</summary>
internal static class GeneratedMembers
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "InputSize", "OutputSize", "ParameterCount", "ActivationBytes", "MultiplyAdds", "Summary", "InputShape", "OutputShape", "Parameters",
        "Save", "Load", "LoadParameters", "CreateSession", "CreateTrainer", "Session", "Trainer", "Gradients", "Graph",
        "DeclaredInitialization", PrivateState.Type, PrivateState.Field,
    };

    private static readonly HashSet<string> ObjectMembers = new(StringComparer.Ordinal)
    {
        "Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "ReferenceEquals", "ToString",
    };

    /// <summary>What the gradients of all layers are called, beside those of each.</summary>
    private const string AllGradients = "All";

    /// <summary>Endings of the types that hold the parameters of one layer or block.</summary>
    private static readonly string[] TypeSuffixes = { "Parameters", "Gradients" };

    /// <summary>The members of the network itself, apart from those of its layers.</summary>
    public static IReadOnlyCollection<string> All => Names;

    /// <summary>The type that holds the parameters of a layer.</summary>
    public static string TypeOf(string layerProperty) => layerProperty + "Parameters";

    /// <summary>All members of a network.</summary>
    /// <param name="layerProperties">Names of the properties of its layers.</param>
    public static HashSet<string> Of(IEnumerable<string> layerProperties)
        => new(Names.Concat(layerProperties.SelectMany(property => new[] { property, TypeOf(property) })), StringComparer.Ordinal);

    /// <summary>The generated methods; members of the same name with other parameters are allowed beside them.</summary>
    public static IReadOnlyDictionary<string, string[]> MethodParameters { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Save"] = new[] { "string" },
        ["Load"] = new[] { "string" },
        ["LoadParameters"] = new[] { "string" },
        ["CreateSession"] = new[] { "int", "NetGen.SessionOptions" },
        ["CreateTrainer"] = new[] { "int", "NetGen.Optimizer", "NetGen.TrainerOptions" },
    };

    /// <summary>What the generated member of a base class's may override: its type must be one of these, without annotations of null.</summary>
    public static IReadOnlyDictionary<string, string[]> OverridableTypes { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Save"] = new[] { "void" },
        ["LoadParameters"] = new[] { "void" },
        ["CreateSession"] = new[] { "NetGen.ISession", "object" },
        ["CreateTrainer"] = new[] { "NetGen.ITrainer", "object" },
        ["Parameters"] = new[] { "System.Collections.Generic.IReadOnlyList<NetGen.Parameter>" },
    };

    /// <summary>The member that a layer's property of this name would collide with; null where the name is free.</summary>
    /// <param name="inBlock">The layer is one of a block.</param>
    public static string? ReservedBy(string propertyName, bool inBlock)
        => !inBlock && propertyName == AllGradients ? "Gradients." + AllGradients
            : Names.Contains(propertyName) || ObjectMembers.Contains(propertyName) || TypeSuffixes.Any(suffix => propertyName.EndsWith(suffix, StringComparison.Ordinal)) ? propertyName
            : null;
}
