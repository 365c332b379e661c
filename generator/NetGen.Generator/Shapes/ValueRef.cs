namespace NetGen.Generator.Shapes;

/// <summary>A value of an inferred network, by where it comes from.</summary>
/// <param name="Path">The layer or scope that gives it; empty for what the network is given.</param>
/// <param name="Port">Which of the layer's outputs; empty for the first.</param>
internal readonly record struct ValueRef(string Path, string Port)
{
    /// <summary>What the network (or a block that is looked at by itself) is given.</summary>
    public static ValueRef Input { get; } = new("", "");

    /// <summary>A name that means nothing, which has been reported.</summary>
    public static ValueRef Unresolved { get; } = new("?", "");
}
