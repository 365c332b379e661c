using NetGen.Generator.Layers;
using NetGen.Generator.Shapes;
using NetGen.Generator.Text;

namespace NetGen.Generator.Ir;

/// <summary>Lowers the layers of a checked network, in order, to a graph. What a layer becomes is in its own file, its <c>Lower</c>.</summary>
internal sealed class GraphBuilder
{
    private readonly ParameterTable _parameters;
    private int _dropoutStreams;

    private GraphBuilder(TensorShape input, bool training, ParameterTable parameters)
    {
        Graph.AddInput("networkInput", input);
        Training = training;
        _parameters = parameters;
    }

    public Graph Graph { get; } = new();

    /// <summary>Layers that behave otherwise in training, e.g. dropout, ask for this.</summary>
    public bool Training { get; }

    /// <summary>What the layers so far have given.</summary>
    private Dictionary<ValueRef, Value> Values { get; } = [];

    /// <summary>Builds the forward graph.</summary>
    public static Graph Build(InferredNetwork network, ParameterTable parameters, bool training)
    {
        var builder = new GraphBuilder(network.Input, training, parameters);
        Graph graph = builder.Graph;
        builder.Values[ValueRef.Input] = graph.Inputs[0];
        builder.Lower(network.Layers);
        graph.Outputs.Add(builder.Values[network.Result]);
        graph.ForwardCount = graph.Nodes.Count;
        return graph;
    }

    private void Lower(IEnumerable<InferredLayer> layers)
    {
        foreach (InferredLayer layer in layers)
        {
            foreach (InferredScope scope in layer.Scopes)
            {
                Lower(scope.Layers);
                Values[new ValueRef(scope.Path, "")] = Values[scope.Output.Value];
            }
            Value[] inputs = layer.Inputs.Select(input => Values[input.Value]).ToArray();
            IReadOnlyList<Value> outputs = LayerRegistry.For(layer.Spec).Lower(layer, inputs, this);
            for (int i = 0; i < outputs.Count; i++)
                Values[new ValueRef(layer.Path, layer.Outputs[i].Port)] = outputs[i];
        }
    }

    /// <summary>The stem of the emitted methods' names, e.g. <c>Residual1Conv1</c>.</summary>
    public static string NodeName(InferredLayer layer) => Naming.Pascal(layer.Path);

    public static string Title(InferredLayer layer) => LayerRegistry.For(layer.Spec).Title(layer);

    /// <summary>Appends a node whose result is the layer's output.</summary>
    /// <param name="tensors">PyTorch's names of the layer's tensors that the node uses, in slots of that name; those that the layer does without are left out.</param>
    public Value Add(InferredLayer layer, Op op, Value[] inputs, params string[] tensors)
        => Graph.Add(NewNode(layer, op, "", tensors), Naming.Camel(layer.Path) + "Output", layer.Output, inputs);

    /// <summary>Appends a node of the layer whose result is not the layer's output.</summary>
    /// <param name="suffix">Of the node's name.</param>
    /// <param name="output">The result's name is the layer's with this behind.</param>
    public Value AddInner(InferredLayer layer, Op op, string suffix, string output, TensorShape shape, Value[] inputs, params string[] tensors)
        => Graph.Add(NewNode(layer, op, suffix, tensors), Naming.Camel(layer.Path) + output, shape, inputs);

    /// <summary>Gives the node of a value another output, at its next port.</summary>
    public void AddPort(Value output, InferredLayer layer, string suffix, TensorShape shape)
        => Graph.Give(output.Producer!, Graph.NewValue(Naming.Camel(layer.Path) + suffix, shape));

    /// <summary>A sequence of the counter-based generator for one layer: the same numbers in every graph of the network.</summary>
    public int NextRandomStream() => _dropoutStreams++;

    private Node NewNode(InferredLayer layer, Op op, string suffix, string[] tensors)
    {
        var node = new Node(NodeName(layer) + suffix, Title(layer), op);
        foreach (string tensor in tensors)
        {
            if (_parameters.Find(layer.Path + "." + tensor) is { } parameter)
                node.Parameters.Add(new ParameterUse(tensor, parameter));
        }
        return node;
    }
}
