namespace NetGen.Generator.Layers;

/// <summary>What a tensor of a layer is to training and to files.</summary>
internal enum ParameterRole
{
    Weight,
    Bias,

    /// <summary>Saved with the parameters and never touched by an optimiser, e.g. running statistics.</summary>
    Buffer,

    /// <summary>A buffer of one number that counts, e.g. batches; a 64-bit integer in files.</summary>
    Counter,
}

/// <summary>A tensor that a layer owns.</summary>
/// <param name="Name">PyTorch's name, e.g. <c>weight</c>, <c>running_mean</c>.</param>
/// <param name="FanIn">Inputs that one output sees, as PyTorch's initialisation counts them.</param>
/// <param name="FanOut">Outputs that one input reaches.</param>
internal sealed record LayerParameter(string Name, int[] Shape, ParameterRole Role, int FanIn, int FanOut)
{
    /// <summary>What every element starts from; null where the network's initialisation draws it.</summary>
    public float? InitialValue { get; init; }
}
