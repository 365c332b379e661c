using NetGen.Generator.Emit;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Graph;

/// <summary>Lowers the layers of a checked network, in order, to a graph. Each layer's part is its <c>LowerForward</c>.</summary>
internal sealed class GraphBuilder
{
    private readonly bool _training;
    private readonly ParameterTable _parameters;
    private int _dropoutStreams;

    private GraphBuilder(TensorShape input, bool training, ParameterTable parameters)
    {
        Graph = new Graph(new Value("networkInput", input));
        _training = training;
        _parameters = parameters;
    }

    public Graph Graph { get; }

    /// <summary>Builds the forward graph; dropout is part of it only in training.</summary>
    public static Graph Build(InferredNetwork network, ParameterTable parameters, bool training)
    {
        var builder = new GraphBuilder(network.Input, training, parameters);
        builder.Graph.Output = builder.Lower(network.Layers, builder.Graph.Input);
        builder.Graph.ForwardCount = builder.Graph.Nodes.Count;
        return builder.Graph;
    }

    private Value Lower(IEnumerable<InferredLayer> layers, Value value)
    {
        foreach (InferredLayer layer in layers)
            value = Lower(layer, value);
        return value;
    }

    private Value Lower(InferredLayer layer, Value input)
    {
        string name = Naming.Pascal(layer.Path);
        string result = Naming.Camel(layer.Path) + "Output";
        string title = LayerTitle.Of(layer);
        switch (layer.Spec)
        {
            case Conv2dSpec spec:
            {
                (ParameterInfo weight, ParameterInfo? bias) = _parameters.Of(layer.Path);
                return Graph.Add(new Conv2dNode(name, title, spec, weight, bias), result, layer.Output, input);
            }
            case LinearSpec spec:
            {
                (ParameterInfo weight, ParameterInfo? bias) = _parameters.Of(layer.Path);
                return Graph.Add(new LinearNode(name, title, spec, layer.Input.Features, weight, bias), result, layer.Output, input);
            }
            case ActivationSpec spec:
                return Graph.Add(new ActivationNode(name, title, spec.Kind), result, layer.Output, input);
            case SoftmaxSpec:
                return Graph.Add(new SoftmaxNode(name, title), result, layer.Output, input);
            case MaxPool2dSpec spec:
                return Graph.Add(new PoolNode(name, title, isMax: true, spec.Kernel, spec.Stride, spec.Padding, countIncludePad: false), result, layer.Output, input);
            case AvgPool2dSpec spec:
                return Graph.Add(new PoolNode(name, title, isMax: false, spec.Kernel, spec.Stride, spec.Padding, spec.CountIncludePad), result, layer.Output, input);
            case DropoutSpec spec:
            {
                int stream = _dropoutStreams++;
                if (!_training || spec.Probability == 0)
                    return input;
                bool channelwise = spec.Channelwise && layer.Input.IsImage;
                var node = new DropoutNode(name, title, spec.Probability, channelwise, stream);
                Value output = Graph.Add(node, result, layer.Output, input);
                node.Scales = Graph.NewValue(Naming.Camel(layer.Path) + "Scales", channelwise ? TensorShape.Vector(layer.Input.Channels) : layer.Input);
                node.Scales.Producer = node;
                return output;
            }
            case FlattenSpec:
                return layer.Input.IsVector ? input : Graph.Add(new FlattenNode(name, title, backward: false), result, layer.Output, input);
            case ResidualSpec:
            {
                Value body = Lower(layer.Body, input);
                return Graph.Add(new AddNode(name, title, backward: false), result, layer.Output, body, input);
            }
            default:
                throw new NotSupportedException($"No lowering for the layer {layer.Spec.GetType().Name}.");
        }
    }
}

/// <summary>The learnable tensors of a network, in file order, found by the path of their layer.</summary>
internal sealed class ParameterTable
{
    private readonly Dictionary<string, (ParameterInfo Weight, ParameterInfo? Bias)> _byLayer = [];

    public ParameterTable(InferredNetwork network) => Collect(network.Layers);

    public List<ParameterInfo> All { get; } = [];

    /// <summary>Floats of the flat buffer; set by the pass PackParameters.</summary>
    public int PackedLength { get; set; }

    public (ParameterInfo Weight, ParameterInfo? Bias) Of(string path) => _byLayer[path];

    private void Collect(IEnumerable<InferredLayer> layers)
    {
        foreach (InferredLayer layer in layers)
        {
            switch (layer.Spec)
            {
                case Conv2dSpec conv:
                    int taps = conv.Kernel.Area, inChannels = layer.Input.Channels;
                    Add(layer.Path, [conv.OutChannels, inChannels, conv.Kernel.Height, conv.Kernel.Width], inChannels * taps, conv.OutChannels * taps, conv.Bias);
                    break;
                case LinearSpec linear:
                    Add(layer.Path, [linear.OutFeatures, layer.Input.Features], layer.Input.Features, linear.OutFeatures, linear.Bias);
                    break;
            }
            Collect(layer.Body);
        }
    }

    private void Add(string path, int[] weightShape, int fanIn, int fanOut, bool hasBias)
    {
        var weight = new ParameterInfo(path + ".weight", weightShape, isWeight: true, fanIn, fanOut);
        ParameterInfo? bias = hasBias ? new ParameterInfo(path + ".bias", [weightShape[0]], isWeight: false, fanIn, fanOut) : null;
        _byLayer.Add(path, (weight, bias));
        All.Add(weight);
        if (bias is not null)
            All.Add(bias);
    }
}

internal static class Naming
{
    /// <summary><c>residual1.conv1</c> → <c>Residual1Conv1</c>.</summary>
    public static string Pascal(string path) => string.Concat(path.Split('.').Select(Identifiers.ToPascalCase));

    public static string Camel(string path)
    {
        string pascal = Pascal(path);
        return char.ToLowerInvariant(pascal[0]) + pascal.Substring(1);
    }
}

/// <summary>A layer in the words of its declaration, for headings and the summary.</summary>
internal static class LayerTitle
{
    public static string Of(InferredLayer layer) => layer.Spec switch
    {
        Conv2dSpec s => $"Conv2d({Literals.Int(layer.Input.Channels)}, {Literals.Int(s.OutChannels)}, {s.Kernel}{Option("stride", s.Stride, 1)}{Option("padding", s.Padding, 0)}{(s.Bias ? "" : ", no bias")})",
        LinearSpec s => $"Linear({Literals.Int(layer.Input.Features)}, {Literals.Int(s.OutFeatures)}{(s.Bias ? "" : ", no bias")})",
        MaxPool2dSpec s => $"MaxPool2d({s.Kernel}{(s.Stride == s.Kernel ? "" : $", stride {s.Stride}")}{Option("padding", s.Padding, 0)}{(s.CeilMode ? ", ceil mode" : "")})",
        AvgPool2dSpec s => $"AvgPool2d({s.Kernel}{(s.Stride == s.Kernel ? "" : $", stride {s.Stride}")}{Option("padding", s.Padding, 0)}{(s.CeilMode ? ", ceil mode" : "")}{(s.CountIncludePad ? "" : ", padding not counted")})",
        ActivationSpec s => s.Kind == ActivationKind.GELUTanh ? "GELU(tanh)" : s.Kind.ToString(),
        SoftmaxSpec => "Softmax",
        DropoutSpec s => $"{(s.Channelwise ? "Dropout2d" : "Dropout")}({s.Probability.ToString("R", System.Globalization.CultureInfo.InvariantCulture)})",
        FlattenSpec => "Flatten",
        ResidualSpec s => $"Residual<{s.BlockName}>",
        _ => layer.Spec.GetType().Name,
    };

    private static string Option(string name, Pair value, int standard) => value == Pair.Both(standard) ? "" : $", {name} {value}";
}
