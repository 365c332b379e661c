using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cpu;

/// <summary>
/// What is decided once for a network, from its training graph: how the input image lies, which vectors keep an image's order, and which
/// images have sample lanes where whole batches are computed. The packing of the weights follows from the former two.
/// </summary>
internal sealed class LayoutFacts
{
    private readonly Dictionary<string, TensorShape> _flattenedFrom = [];

    /// <summary>Sample lanes are taken if channel lanes would do this many times the work, on lanes that no channel fills.</summary>
    private const double SampleLanesGain = 1.2;

    // By name, since each graph of the network has values of its own.
    private readonly HashSet<string> _plain = [], _onlyFlattened = [], _sampleLanes = [];

    /// <summary>
    /// Tensors that several nodes use, and which therefore lie in the one order that all of them know. Those of a part that is there
    /// several times are not among them: they lie as in the part alone.
    /// </summary>
    private readonly HashSet<ParameterInfo> _shared;

    public LayoutFacts(Graph training)
    {
        _shared = new HashSet<ParameterInfo>(training.ForwardNodes
            .SelectMany(node => node.Parameters.Select(use => (use.Parameter, node.Part)))
            .GroupBy(use => use).Where(uses => uses.Count() > 1).Select(uses => uses.Key.Parameter));
        foreach (Value input in training.Inputs.Concat(training.ForwardNodes.Where(IsEntry).Select(node => node.Output!))
            .Where(ImageRegions.Has))
        {
            List<Node> consumers = input.Consumers.Where(training.ForwardNodes.Contains).ToList();
            if (consumers.Count == 0 || training.IsOutput(input))
                continue;
            if (consumers.All(c => c.Cpu.Reshapes))
                _onlyFlattened.Add(input.Name);
            else if (consumers.All(c => c.Cpu.ReadsPlainImage && !c.Cpu.Reshapes && !Shares(c)))
                _plain.Add(input.Name);
        }
        foreach (Node flatten in training.ForwardNodes.Where(node => node.Op is FlattenOp { ToImage: false }))
        {
            if (!IsPlain(flatten.Input) && !flatten.Input.HasFeatureLanes && flatten.Input.Shape.Channels % Layout.Block == 0
                && OnlyLinearReads(training, flatten.Output!))
                Mark(flatten.Output!, flatten.Input.Shape);
        }
        ChooseLanes(training);
    }

    /// <summary>Images of whole batches are computed with 16 samples side by side, in one region at least.</summary>
    public bool UsesSampleLanes => _sampleLanes.Count > 0;

    /// <summary>The images of a graph that have 16 samples side by side where whole batches are computed.</summary>
    public IReadOnlyCollection<Value> WithSampleLanes(Graph graph)
    {
        if (!UsesSampleLanes)
            return [];
        var regions = new ImageRegions(graph);
        List<Value> images = graph.Values.Where(ImageRegions.Has).ToList();
        var chosen = new HashSet<Value>(images.Where(image => _sampleLanes.Contains(image.Name)).Select(regions.Of));
        return new HashSet<Value>(images.Where(image => chosen.Contains(regions.Of(image))));
    }

    /// <summary>Each region has the lanes that suit its convolutions; one without any has those that suit all of the network's.</summary>
    private void ChooseLanes(Graph graph)
    {
        var regions = new ImageRegions(graph);
        bool otherwise = PrefersSampleLanes(graph.Nodes);
        ILookup<Value, Node> nodes = graph.Nodes.Where(node => node.Cpu.LaneWork is not null).ToLookup(node => regions.Of(node)!);
        // Between rows of features and lanes of samples there is no way.
        var beside = new HashSet<Value>(graph.Nodes.Where(node => node.Inputs.Concat(node.Outputs).Any(value => value.HasFeatureLanes))
            .Select(regions.Of).OfType<Value>());
        foreach (IGrouping<Value, Value> region in graph.Values.Where(ImageRegions.Has).GroupBy(regions.Of))
        {
            if (!beside.Contains(region.Key) && (nodes.Contains(region.Key) ? PrefersSampleLanes(nodes[region.Key]) : otherwise))
                _sampleLanes.UnionWith(region.Select(value => value.Name));
        }
    }

    /// <summary>Lane use of convolutions: multiply-adds with the output channels filled up to 16, over the real ones.</summary>
    private static bool PrefersSampleLanes(IEnumerable<Node> nodes)
    {
        double real = 0, padded = 0;
        foreach (Node node in nodes)
        {
            if (node.Cpu.LaneWork is not { } work)
                continue;
            real += work.Real;
            padded += work.Padded;
        }
        return real > 0 && padded > SampleLanesGain * real;
    }

    /// <summary>Behind the node a part begins, to which its result is what its input is to a network.</summary>
    public static bool IsEntry(Node node) => node.Op is BoundaryOp { Enters: true, IsGradient: false };

    /// <summary>
    /// An input image lies as the caller passes it, [channel][row][column], and only convolutions (or only Flatten) read it.
    /// </summary>
    public bool IsPlain(Value value) => _plain.Contains(value.Name) || IsOnlyFlattened(value);

    /// <summary>Nothing but Flatten reads it.</summary>
    public bool IsOnlyFlattened(Value value) => _onlyFlattened.Contains(value.Name);

    /// <summary>
    /// The image whose blocked order a forward value keeps.
    /// </summary>
    public TensorShape? FlattenedFrom(Value value)
        => _flattenedFrom.TryGetValue(value.Name, out TensorShape shape) ? shape : null;

    /// <summary>The order of a vector's elements is free if only linear layers see it, perhaps behind element-wise layers.</summary>
    private bool OnlyLinearReads(Graph graph, Value value)
        => !graph.IsOutput(value) && value.Consumers.Where(graph.ForwardNodes.Contains).All(consumer => consumer.Cpu.Order switch
        {
            VectorOrder.Any => !Shares(consumer),
            VectorOrder.Kept => OnlyLinearReads(graph, consumer.Output!),
            _ => false,
        });

    private bool Shares(Node node) => node.Parameters.Exists(use => _shared.Contains(use.Parameter));

    private void Mark(Value value, TensorShape image)
    {
        _flattenedFrom[value.Name] = image;
        foreach (Node consumer in value.Consumers)
        {
            if (consumer.Cpu.Order == VectorOrder.Kept)
                Mark(consumer.Output!, image);
        }
    }
}
