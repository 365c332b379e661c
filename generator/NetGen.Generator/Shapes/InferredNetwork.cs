using NetGen.Generator.Specs;

namespace NetGen.Generator.Shapes;

/// <summary>A layer with the shapes that arrive and leave.</summary>
/// <param name="Path">Dotted name from the network down, e.g. <c>residual1.conv2</c>: the prefix of its parameters' names in files.</param>
/// <param name="Body">The layers of a block, in order; empty for other layers.</param>
internal sealed record InferredLayer(LayerSpec Spec, string Path, TensorShape Input, TensorShape Output, EquatableArray<InferredLayer> Body)
{
    /// <summary>What arrives from the earlier layer that it names, where a layer takes two inputs; unknown for all others.</summary>
    public TensorShape Second { get; init; }
}

/// <summary>A network whose every shape is known and checked.</summary>
internal sealed record InferredNetwork(NetworkSpec Spec, TensorShape Input, TensorShape Output, EquatableArray<InferredLayer> Layers);
