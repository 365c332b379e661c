using NetGen.Generator.Shapes;
using NetGen.Generator.Text;

namespace NetGen.Generator.Ir;

/// <summary>A graph while layers append their nodes to it: what their <c>Lower</c> works with.</summary>
/// <param name="training">The graph is that of training.</param>
/// <param name="parameters">The tensors of all layers.</param>
internal sealed class GraphBuilder(bool training, ParameterTable parameters)
{
    private int _dropoutStreams;

    public Graph Graph { get; } = new();

    /// <summary>The graph will have a backward pass: what that reads must be kept, of frozen layers too.</summary>
    public bool HasBackward => training;

    /// <summary>The values that layers read or that the network gives, those of further outputs among them.</summary>
    public HashSet<ValueRef> Read { get; } = [];

    /// <summary>The layer whose nodes are appended computes in training what it computes in inference.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>The path of the innermost part that the layer is in; empty outside of all.</summary>
    public string Part { get; set; } = "";

    /// <summary>Layers that behave otherwise in training, e.g. dropout, ask for this.</summary>
    public bool Training => training && !IsFrozen;

    /// <summary>The layer whose nodes are appended, in the words of its declaration: it stands at each of them.</summary>
    public string Title { get; set; } = "";

    /// <summary>The stem of the emitted methods' names, e.g. <c>Residual1Conv1</c>.</summary>
    public static string NodeName(InferredLayer layer) => Naming.Pascal(layer.Path);

    /// <summary>Appends a node whose result is the layer's output.</summary>
    /// <param name="tensors">
    /// PyTorch's names of the layer's tensors that the node uses, in slots of that name; those that the layer does without are left out.
    /// </param>
    public Value Add(InferredLayer layer, Op op, Value[] inputs, params string[] tensors)
        => Graph.Add(NewNode(layer, op, "", Named(tensors)), Naming.Camel(layer.Path) + "Output", layer.Output, inputs);

    /// <summary>Appends a node of the layer whose result is not the layer's output.</summary>
    /// <param name="suffix">Of the node's name.</param>
    /// <param name="output">The result's name is the layer's with this behind.</param>
    public Value AddInner(InferredLayer layer, Op op, string suffix, string output, TensorShape shape, Value[] inputs,
        params string[] tensors)
        => Graph.Add(NewNode(layer, op, suffix, Named(tensors)), Naming.Camel(layer.Path) + output, shape, inputs);

    /// <summary>The same with tensors in slots of other names.</summary>
    /// <param name="tensors">The op's name of each and PyTorch's; those that the layer does without are left out.</param>
    public Value AddInner(InferredLayer layer, Op op, string suffix, string output, TensorShape shape, Value[] inputs,
        (string Slot, string Tensor)[] tensors)
        => Graph.Add(NewNode(layer, op, suffix, tensors), Naming.Camel(layer.Path) + output, shape, inputs);

    /// <summary>The same as one of several parts of equal size that tensors have, some or all of them.</summary>
    public Value AddPart(InferredLayer layer, Op op, string suffix, string output, TensorShape shape, Value[] inputs, int part, int parts,
        (string Slot, string Tensor, bool IsDivided)[] tensors)
    {
        Node node = NewNode(layer, op, suffix, [.. tensors.Select(tensor => (tensor.Slot, tensor.Tensor))]);
        foreach ((string slot, _, _) in tensors.Where(tensor => tensor.IsDivided))
        {
            int use = node.Parameters.FindIndex(candidate => candidate.Slot == slot);
            if (use >= 0)
                node.Parameters[use] = node.Parameters[use] with { Part = part, Parts = parts };
        }
        return Graph.Add(node, Naming.Camel(layer.Path) + output, shape, inputs);
    }

    /// <summary>Appends a node whose result is the layer's output, with tensors in slots of other names.</summary>
    public Value AddLast(InferredLayer layer, Op op, Value[] inputs, (string Slot, string Tensor)[] tensors)
        => Graph.Add(NewNode(layer, op, "", tensors), Naming.Camel(layer.Path) + "Output", layer.Output, inputs);

    /// <summary>Gives the node of a value another output, at its next port.</summary>
    public void AddPort(Value output, InferredLayer layer, string suffix, TensorShape shape)
        => Graph.Give(output.Producer!, Graph.NewValue(Naming.Camel(layer.Path) + suffix, shape));

    /// <summary>A sequence of the counter-based generator for one layer: the same numbers in every graph of the network.</summary>
    public int NextRandomStream() => _dropoutStreams++;

    private static (string Slot, string Tensor)[] Named(string[] tensors) => [.. tensors.Select(tensor => (tensor, tensor))];

    private Node NewNode(InferredLayer layer, Op op, string suffix, (string Slot, string Tensor)[] tensors)
    {
        var node = new Node(NodeName(layer) + suffix, Title, op) { Part = Part, Layer = layer.Path };
        foreach ((string slot, string tensor) in tensors)
        {
            if (parameters.Find(layer.ParameterPath + "." + tensor) is { } parameter)
                node.Parameters.Add(new ParameterUse(slot, parameter));
        }
        return node;
    }
}
