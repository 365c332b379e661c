namespace NetGen.Generator.Specs;

/// <summary>The sum of what its scopes give for one value; where there is only one, that value itself is added.</summary>
internal sealed record ResidualSpec(string Name) : LayerSpec(Name);

/// <summary>Scopes one after the other under one name: a block, or all its repetitions.</summary>
/// <param name="Title">As it is declared, e.g. <c>Sequential&lt;Stem&gt;</c>.</param>
internal sealed record SequentialSpec(string Name, string Title) : LayerSpec(Name)
{
    /// <summary>Number of repetitions asked for; null where nothing is repeated.</summary>
    public int? Count { get; init; }
}
