using NetGen.Generator.Cpu;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Ir;

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
