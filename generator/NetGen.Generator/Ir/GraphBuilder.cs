using NetGen.Generator.Layers;
using NetGen.Generator.Shapes;
using NetGen.Generator.Text;

namespace NetGen.Generator.Ir;

/// <summary>Lowers the layers of a checked network, in order, to a graph. What a layer becomes is in its own file, its <c>Lower</c>.</summary>
internal sealed class GraphBuilder
{
    private readonly ParameterTable _parameters;
    private int _dropoutStreams;

    private GraphBuilder(TensorShape input, bool training, bool sampleLanes, ParameterTable parameters)
    {
        Graph = new Graph(new Value("networkInput", input));
        Training = training;
        SampleLanes = sampleLanes;
        _parameters = parameters;
    }

    public Graph Graph { get; }

    /// <summary>Layers that behave otherwise in training, e.g. dropout, ask for this.</summary>
    public bool Training { get; }

    /// <summary>Images will have sample lanes, with which channels need no arrangement in blocks.</summary>
    public bool SampleLanes { get; }

    /// <summary>The maximum poolings so far by path, which unpoolings refer to.</summary>
    public Dictionary<string, PoolNode> Pools { get; } = new(StringComparer.Ordinal);

    /// <summary>What the layers so far have given, by path: second inputs refer to it.</summary>
    private Dictionary<string, Value> Outputs { get; } = new(StringComparer.Ordinal);

    /// <summary>Builds the forward graph.</summary>
    public static Graph Build(InferredNetwork network, ParameterTable parameters, bool training, bool sampleLanes = false)
    {
        var builder = new GraphBuilder(network.Input, training, sampleLanes, parameters);
        builder.Graph.Output = builder.Lower(network.Layers, builder.Graph.Input);
        builder.Graph.ForwardCount = builder.Graph.Nodes.Count;
        return builder.Graph;
    }

    /// <summary>Lowers a stack of layers, e.g. the body of a block.</summary>
    public Value Lower(IEnumerable<InferredLayer> layers, Value value)
    {
        foreach (InferredLayer layer in layers)
            Outputs[layer.Path] = value = LayerRegistry.For(layer.Spec).Lower(layer, value, this);
        return value;
    }

    /// <summary>The output of the earlier layer that a layer names.</summary>
    public Value OutputOf(string name, InferredLayer layer) => KnownLayers.Candidates(layer.Path, name).Where(Outputs.ContainsKey).Select(path => Outputs[path]).First();

    /// <summary>The stem of the emitted methods' names, e.g. <c>Residual1Conv1</c>.</summary>
    public static string NodeName(InferredLayer layer) => Naming.Pascal(layer.Path);

    public static string Title(InferredLayer layer) => LayerRegistry.For(layer.Spec).Title(layer);

    /// <summary>Appends a node whose result is the layer's output.</summary>
    public Value Add(Node node, InferredLayer layer, params Value[] inputs) => Graph.Add(node, Naming.Camel(layer.Path) + "Output", layer.Output, inputs);

    /// <summary>Appends a value that a node of the layer computes besides its output.</summary>
    public Value AddExtra(Node node, InferredLayer layer, string suffix, TensorShape shape)
    {
        Value value = Graph.NewValue(Naming.Camel(layer.Path) + suffix, shape);
        value.Producer = node;
        return value;
    }

    /// <summary>A tensor of the layer by PyTorch's name.</summary>
    public ParameterInfo Parameter(InferredLayer layer, string name) => _parameters[layer.Path + "." + name];

    /// <summary>A tensor that the layer may do without; null if it does.</summary>
    public ParameterInfo? OptionalParameter(InferredLayer layer, string name) => _parameters.Find(layer.Path + "." + name);

    /// <summary>A sequence of the counter-based generator for one layer: the same numbers in every graph of the network.</summary>
    public int NextRandomStream() => _dropoutStreams++;
}
