using NetGen.Generator.Layers;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Graph;

/// <summary>A tensor that flows along the edges of the graph; one sample of it has <see cref="Shape"/>.</summary>
internal sealed class Value(string name, TensorShape shape)
{
    /// <summary>A C# identifier, unique in its graph: the variable that emitted code uses.</summary>
    public string Name { get; } = name;

    public TensorShape Shape { get; } = shape;

    /// <summary>The node that computes the value; null for what the caller passes in.</summary>
    public Node? Producer { get; set; }

    public List<Node> Consumers { get; } = [];

    /// <summary>For a gradient, the value it is the gradient of: both keep their elements in the same order.</summary>
    public Value? GradientOf { get; set; }

    private Layout? _layout;

    /// <summary>Chosen by the pass ChooseLayout; reading it before is an error of the generator.</summary>
    public Layout Layout
    {
        get => _layout ?? throw new InvalidOperationException($"The value {Name} has no layout.");
        set => _layout = value;
    }

    public bool HasLayout => _layout is not null;

    /// <summary>
    /// For vectors that came from an image: the image whose order the elements keep in memory
    /// ([channel / 16][row][column][16]); null where the order is PyTorch's.
    /// </summary>
    public TensorShape? FlattenedFrom { get; set; }

    /// <summary>The value whose memory this one is, seen in another shape; chosen by the pass ChooseLayout.</summary>
    public Value? AliasOf { get; set; }

    /// <summary>The value that owns the memory.</summary>
    public Value Storage => AliasOf?.Storage ?? this;

    public override string ToString() => $"{Name} {Shape}";
}

/// <summary>A tensor of a layer: its place in files, in PyTorch's shape, and its packed place in the flat buffer.</summary>
/// <param name="Path">Name in files, e.g. <c>conv1.weight</c>.</param>
/// <param name="Shape">PyTorch's shape, e.g. [64, 32, 5, 5].</param>
internal sealed class ParameterInfo(string path, IReadOnlyList<int> shape, ParameterRole role, int fanIn, int fanOut, float? initialValue = null)
{
    public string Path { get; } = path;

    public IReadOnlyList<int> Shape { get; } = shape;

    public ParameterRole Role { get; } = role;

    /// <summary>The property that shows it, e.g. <c>Weight</c>, <c>RunningMean</c>.</summary>
    public string PropertyName => Specs.Identifiers.ToPascalCase(Path.Substring(Path.LastIndexOf('.') + 1));

    public int FanIn { get; } = fanIn;

    public int FanOut { get; } = fanOut;

    /// <summary>What every element starts from; null where the network's initialisation draws it.</summary>
    public float? InitialValue { get; } = initialValue;

    /// <summary>Optimisers work on it.</summary>
    public bool IsLearned => Role is ParameterRole.Weight or ParameterRole.Bias;

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
        PackedLength = Layout.RoundUp(Passes.SizeLimitException.CheckParameter(this, Diagnostics.MessageText.Number(Length), Length));
    }
}

/// <summary>Index i of this dimension contributes (i / Block) · OuterStride + (i % Block) · InnerStride to the packed offset.</summary>
internal sealed record PackedDimension(int Extent, int Block, int OuterStride, int InnerStride);
