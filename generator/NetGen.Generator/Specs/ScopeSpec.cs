namespace NetGen.Generator.Specs;

/// <summary>A block as one layer uses it: layers one after the other, whose names are unique among themselves.</summary>
/// <param name="Name">The segment that it adds to the paths of its layers, e.g. <c>shortcut</c>; empty where its layers are named as if
/// they were the user's own.</param>
/// <param name="Title">The block as it is declared, e.g. <c>Bottleneck</c>.</param>
internal sealed record ScopeSpec(string Name, string Title, EquatableArray<LayerSpec> Layers)
{
    /// <summary>A scope with a name, as a layer that has just this block.</summary>
    public SequentialSpec AsLayer => new(Name, Title)
    {
        Scopes = new[] { this with { Name = "" } }.ToEquatableArray(),
        IsFrozen = Layers.Count > 0 && Layers.All(layer => layer.IsFrozen),
    };

    /// <summary>What the scope adds to the tree of names: itself, or, where it has no name, its layers.</summary>
    public IEnumerable<LayerSpec> Members => Name.Length > 0 ? [AsLayer] : Layers;
}
