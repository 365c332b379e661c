using NetGen.Generator.Shapes;

namespace NetGen.Generator.Ir;

/// <summary>
/// A directed acyclic graph of <see cref="Node"/>s in an order in which every value is computed before it is used. Passes change it in
/// place; it never leaves one run of the generator, so nothing here needs value equality.
/// </summary>
internal sealed class Graph
{
    private readonly Dictionary<string, int> _names = [];

    /// <summary>What the caller passes in, in the order of the declaration.</summary>
    public List<Value> Inputs { get; } = [];

    /// <summary>What the caller is given, in the order of the declaration.</summary>
    public List<Value> Outputs { get; } = [];

    /// <summary>For each output, its gradient, where a loss or the caller puts it; none in a graph for inference.</summary>
    public List<Value> OutputGradients { get; } = [];

    /// <summary>For each input, its gradient; null where nothing flows back to it. None in a graph for inference.</summary>
    public List<Value?> InputGradients { get; } = [];

    /// <summary>
    /// For each loss the nodes between its output and the output's gradient, which a gradient of the caller's replaces.
    /// </summary>
    public List<IReadOnlyList<Node>> Losses { get; } = [];

    /// <summary>The nodes of all losses.</summary>
    public IEnumerable<Node> LossNodes => Losses.SelectMany(nodes => nodes);

    /// <summary>In order of execution: forward, loss, backward.</summary>
    public List<Node> Nodes { get; } = [];

    /// <summary>Number of nodes that belong to the forward pass; the others follow.</summary>
    public int ForwardCount { get; set; }

    public IEnumerable<Node> ForwardNodes => Nodes.Take(ForwardCount);

    public IEnumerable<Node> BackwardNodes => Nodes.Skip(ForwardCount);

    /// <summary>All values but what nodes compute besides their results, each once.</summary>
    public IEnumerable<Value> Values => Nodes.SelectMany(n => n.Inputs.Append(n.Output))
        .Concat(Inputs).Concat(OutputGradients).Concat(InputGradients).OfType<Value>().Distinct();

    /// <summary>The caller reads the value, whoever else does.</summary>
    public bool IsOutput(Value value) => Outputs.Contains(value);

    /// <summary>
    /// The one reader of the value is this node, so that it need not exist in memory once the node takes it from a register.
    /// </summary>
    public bool IsReadOnlyBy(Value value, Node node)
        => value.Consumers.Count == 1 && value.Consumers[0] == node && !IsOutput(value) && !InputGradients.Contains(value);

    public Value NewValue(string name, TensorShape shape)
    {
        _names.TryGetValue(name, out int used);
        _names[name] = used + 1;
        return new Value(used == 0 ? name : name + "_" + (used + 1), shape);
    }

    /// <summary>Appends an input.</summary>
    public Value AddInput(string name, TensorShape shape)
    {
        Value input = NewValue(name, shape);
        Inputs.Add(input);
        return input;
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
        if (output is not null)
            Give(node, output);
        Nodes.Add(node);
    }

    /// <summary>Gives a node another output, at its next port.</summary>
    public static void Give(Node node, Value output)
    {
        node.Outputs.Add(output);
        output.Producer = node;
    }

    /// <summary>Gives a node another input, behind the others.</summary>
    public static void Connect(Node node, Value input)
    {
        node.Inputs.Add(input);
        input.Consumers.Add(node);
    }

    /// <summary>Puts a node of the forward pass between one of a node's inputs and the node.</summary>
    /// <param name="port">Which of the inputs.</param>
    /// <param name="output">What the node reads from then on.</param>
    public void InsertBefore(Node node, int port, Node inserted, Value output)
    {
        Value input = node.Inputs[port];
        Insert(Nodes.IndexOf(node), inserted);
        input.Consumers[input.Consumers.IndexOf(node)] = inserted;
        inserted.Inputs.Add(input);
        Give(inserted, output);
        node.Inputs[port] = output;
        output.Consumers.Add(node);
    }

    /// <summary>Puts a node of the forward pass behind a node, whose result is its own from then on.</summary>
    /// <param name="between">What the node gives instead.</param>
    public void InsertBehind(Node node, Node inserted, Value between)
    {
        Insert(Nodes.IndexOf(node) + 1, inserted);
        inserted.Outputs.Add(node.Outputs[0]);
        node.Outputs[0].Producer = inserted;
        node.Outputs[0] = between;
        between.Producer = node;
        Connect(inserted, between);
    }

    /// <summary>Removes a node whose result another node, which computes its input, gives from now on.</summary>
    public void Absorb(Node absorbed, Node producer)
    {
        Remove(absorbed);
        producer.Outputs[0] = absorbed.Outputs[0];
        producer.Outputs[0].Producer = producer;
    }

    /// <summary>Puts a node in the place of several, of which they alone read what all but the last give.</summary>
    /// <param name="inputs">What it reads.</param>
    public void Merge(IReadOnlyList<Node> before, Node last, Node merged, IReadOnlyList<Value> inputs)
    {
        foreach (Node node in before)
            Remove(node);
        foreach (Value input in last.Inputs)
            input.Consumers.Remove(last);
        Nodes[Nodes.IndexOf(last)] = merged;
        foreach (Value input in inputs)
            Connect(merged, input);
        foreach (Value output in last.Outputs)
            Give(merged, output);
    }

    private void Remove(Node node)
    {
        int index = Nodes.IndexOf(node);
        Nodes.RemoveAt(index);
        if (index < ForwardCount)
            ForwardCount--;
        foreach (Value input in node.Inputs)
            input.Consumers.Remove(node);
    }

    private void Insert(int index, Node node)
    {
        Nodes.Insert(index, node);
        ForwardCount++;
    }
}
