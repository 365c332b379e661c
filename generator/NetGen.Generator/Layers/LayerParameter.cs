using NetGen.Generator.Ir;

namespace NetGen.Generator.Layers;

/// <summary>A tensor that a layer owns.</summary>
/// <param name="Name">PyTorch's name, e.g. <c>weight</c>, <c>running_mean</c>.</param>
/// <param name="FanIn">Inputs that one output sees, as PyTorch's initialisation counts them.</param>
/// <param name="FanOut">Outputs that one input reaches.</param>
internal sealed record LayerParameter(string Name, int[] Shape, ParameterRole Role, int FanIn, int FanOut)
{
    /// <summary>What every element starts from; null where the network's initialisation draws it.</summary>
    public float? InitialValue { get; init; }

    /// <summary>How it starts where it is a table whose rows are looked up; null for all others.</summary>
    public TableStart? Table { get; init; }

    /// <summary>How it starts where that is not what its kind starts from in PyTorch; null for all others.</summary>
    public WeightStart? Start { get; init; }
}
