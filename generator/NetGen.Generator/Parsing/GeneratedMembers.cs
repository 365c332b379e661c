using NetGen.Generator.Emit;

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

    /// <summary>Endings of the types that hold the parameters of one layer or block.</summary>
    private static readonly string[] TypeSuffixes = { "Parameters", "Gradients" };

    public static IEnumerable<string> All => Names;

    /// <summary>A member of the network itself.</summary>
    public static bool Contains(string name) => Names.Contains(name);

    /// <summary>The type that holds the parameters of a layer.</summary>
    public static string TypeOf(string layerProperty) => layerProperty + "Parameters";

    /// <summary>The generated methods; members of the same name with other parameters are allowed beside them.</summary>
    public static IReadOnlyDictionary<string, string[]> MethodParameters { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Save"] = new[] { "string" },
        ["Load"] = new[] { "string" },
        ["LoadParameters"] = new[] { "string" },
        ["CreateSession"] = new[] { "int", "NetGen.SessionOptions" },
        ["CreateTrainer"] = new[] { "int", "NetGen.Optimizer", "NetGen.TrainerOptions" },
    };

    /// <summary>No layer's property may have this name.</summary>
    public static bool IsReservedForLayers(string propertyName)
        => Names.Contains(propertyName) || ObjectMembers.Contains(propertyName)
            || TypeSuffixes.Any(suffix => propertyName.EndsWith(suffix, StringComparison.Ordinal));
}
