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

    /// <summary>What the target knows of the value, e.g. its layout; see the target's folder.</summary>
    public object? Target { get; set; }

    public override string ToString() => $"{Name} {Shape}";
}
