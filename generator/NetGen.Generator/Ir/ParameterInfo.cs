using NetGen.Generator.Cpu;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Layers;
using NetGen.Generator.Text;

namespace NetGen.Generator.Ir;

/// <summary>A tensor of a layer: its place in files, in PyTorch's shape, and its packed place in the flat buffer.</summary>
/// <param name="Path">Name in files, e.g. <c>conv1.weight</c>.</param>
/// <param name="Shape">PyTorch's shape, e.g. [64, 32, 5, 5].</param>
internal sealed class ParameterInfo(string path, IReadOnlyList<int> shape, ParameterRole role, int fanIn, int fanOut, float? initialValue = null)
{
    public string Path { get; } = path;

    public IReadOnlyList<int> Shape { get; } = shape;

    public ParameterRole Role { get; } = role;

    /// <summary>The property that shows it, e.g. <c>Weight</c>, <c>RunningMean</c>.</summary>
    public string PropertyName => Identifiers.ToPascalCase(Path.Substring(Path.LastIndexOf('.') + 1));

    public int FanIn { get; } = fanIn;

    public int FanOut { get; } = fanOut;

    /// <summary>What every element starts from; null where the network's initialisation draws it.</summary>
    public float? InitialValue { get; } = initialValue;

    /// <summary>Optimisers work on it.</summary>
    public bool IsLearned => Role is ParameterRole.Weight or ParameterRole.Bias;

    /// <summary>It counts batches, in a 64-bit integer.</summary>
    public bool IsCounter => Role == ParameterRole.Counter;

    public int Length { get; } = shape.Aggregate(1, (product, dimension) => product * dimension);

    /// <summary>How an index in PyTorch's order maps to the packed tensor, outermost dimension first.</summary>
    public IReadOnlyList<PackedDimension> Dimensions { get; set; } = [];

    /// <summary>Floats that the packed tensor covers, with the padding that fills its last block of 16.</summary>
    public int PackedLength { get; set; }

    /// <summary>Floats from the start of the flat buffer.</summary>
    public int Offset { get; set; }

    /// <summary>Packs it as a run of floats, up to a multiple of 16.</summary>
    public void PackAsVector()
    {
        Dimensions = [new PackedDimension(Length, 1, 1, 0)];
        PackedLength = Layout.RoundUp(SizeLimitException.CheckParameter(this, MessageText.Number(Length), Length));
    }
}

/// <summary>Index i of this dimension contributes (i / Block) · OuterStride + (i % Block) · InnerStride to the packed offset.</summary>
internal sealed record PackedDimension(int Extent, int Block, int OuterStride, int InnerStride);
