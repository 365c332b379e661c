using NetGen.Generator.Shapes;

namespace NetGen.Generator.Ir;

/// <summary>
/// A directed acyclic graph of <see cref="Node"/>s in an order in which every value is computed before it is used. Passes change it in
/// place; it never leaves one run of the generator, so nothing here needs value equality.
/// </summary>
internal sealed class Graph(Value input)
{
    private readonly Dictionary<string, int> _names = new() { [input.Name] = 1 };

    public Value Input { get; } = input;

    public Value Output { get; set; } = input;

    /// <summary>Gradient of <see cref="Output"/>, where a loss or the caller puts it; null in a graph for inference.</summary>
    public Value? OutputGradient { get; set; }

    /// <summary>Gradient of <see cref="Input"/>; null in a graph for inference.</summary>
    public Value? InputGradient { get; set; }

    /// <summary>The nodes between <see cref="Output"/> and <see cref="OutputGradient"/>, which a gradient of the caller's replaces; none without a loss.</summary>
    public IReadOnlyList<Node> LossNodes { get; set; } = [];

    /// <summary>In order of execution: forward, loss, backward.</summary>
    public List<Node> Nodes { get; } = [];

    /// <summary>Number of nodes that belong to the forward pass; the others follow.</summary>
    public int ForwardCount { get; set; }

    public IEnumerable<Node> ForwardNodes => Nodes.Take(ForwardCount);

    public IEnumerable<Node> BackwardNodes => Nodes.Skip(ForwardCount);

    public IEnumerable<Value> Values => Nodes.SelectMany(n => n.Inputs.Append(n.Output)).Concat([Input, OutputGradient, InputGradient]).OfType<Value>().Distinct();

    public Value NewValue(string name, TensorShape shape)
    {
        _names.TryGetValue(name, out int used);
        _names[name] = used + 1;
        return new Value(used == 0 ? name : name + "_" + (used + 1), shape);
    }

    /// <summary>Appends a node with a fresh output value.</summary>
    public Value Add(Node node, string outputName, TensorShape outputShape, params Value[] inputs)
    {
        Value output = NewValue(outputName, outputShape);
        Add(node, output, inputs);
        return output;
    }

    /// <summary>Appends a node with the given output value, or with none.</summary>
    public void Add(Node node, Value? output, params Value[] inputs)
    {
        foreach (Value input in inputs)
            Connect(node, input);
        node.Output = output;
        if (output is not null)
            output.Producer = node;
        Nodes.Add(node);
    }

    public static void Connect(Node node, Value input)
    {
        node.Inputs.Add(input);
        input.Consumers.Add(node);
    }

    /// <summary>Removes a node whose work another node has taken over, and its edges.</summary>
    public void Remove(Node node)
    {
        int index = Nodes.IndexOf(node);
        Nodes.RemoveAt(index);
        if (index < ForwardCount)
            ForwardCount--;
        foreach (Value input in node.Inputs)
            input.Consumers.Remove(node);
    }
}
