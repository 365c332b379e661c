namespace NetGen.Conformance.Tests.Model;

/// <summary>A layer at its place in a network.</summary>
/// <param name="Name">Its name in its scope; the stem of its kind and a running number where none is given.</param>
/// <param name="Path">The names from the outermost block to it, as parameter files have them.</param>
/// <param name="Inputs">What arrives at it, then what it names.</param>
/// <param name="Outputs">The layer's own output, then its further ones (<see cref="Operation.Ports"/>).</param>
internal sealed record Node(Layer Layer, string Name, string Path, IReadOnlyList<Value> Inputs, IReadOnlyList<Value> Outputs)
{
    /// <summary>The layers inside a block, by scope; empty for others.</summary>
    public IReadOnlyList<Scope> Scopes { get; init; } = [];

    /// <summary>The layer whose parameters it uses, as its word names it; null where it has its own.</summary>
    public string? Shares { get; init; }

    /// <summary>
    /// It, or a block around it, is frozen: in training it computes what it computes in evaluation, and its tensors rest.
    /// </summary>
    public bool IsFrozen { get; init; }

    /// <summary>Its own word says so.</summary>
    public bool SaysFrozen { get; init; }

    /// <summary>The path of the layer that its tensors belong to.</summary>
    public string Owner { get; init; } = Path;

    public Value Output => Outputs[0];

    public IReadOnlyList<Shape> InputShapes => [.. Inputs.Select(input => input.Shape)];
}

/// <summary>Layers that are declared together: a network's, or those of one class of a block.</summary>
/// <param name="Result">Where the cursor stands behind the last of them.</param>
internal sealed record Scope(IReadOnlyList<Node> Layers, Value Result);
