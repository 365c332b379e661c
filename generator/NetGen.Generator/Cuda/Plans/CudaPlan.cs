using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Cuda.Ops;
using NetGen.Generator.Ir;
using NetGen.Generator.Lowering;
using NetGen.Generator.Passes;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cuda.Plans;

/// <summary>A node for which the GPU has no kernel.</summary>
/// <param name="Reason">The end of a sentence that begins with the layer.</param>
internal sealed record CudaRefusal(Node Node, string Reason);

/// <summary>
/// What a GPU does of a network's inference: kernels, launches in order, and where values lie. Values and parameters have PyTorch's order;
/// samples of different lengths have room for as many positions as there may be, and zeros where the caller brings fewer.
/// </summary>
internal sealed class CudaPlan
{
    /// <summary>Floats to whose multiples values begin, so that several can be read at once: 256 bytes.</summary>
    private const int Alignment = 64;

    private readonly CudaSelection _selection = new();
    private readonly Dictionary<Value, long> _places = [];
    private readonly Dictionary<string, long> _parameterPlaces = new(StringComparer.Ordinal);
    private readonly Dictionary<CudaConstant, long> _constantPlaces = [];

    private CudaPlan(Graph graph, ParameterTable parameters)
    {
        Graph = graph;
        long place = 0;
        foreach (ParameterInfo parameter in parameters.All)
        {
            _parameterPlaces.Add(parameter.Path, place);
            place += Aligned(parameter.Length);
        }
        foreach (Node node in graph.Nodes)
        {
            _selection.Current = node;
            CudaOps.Find(node.Op)!.Select(_selection, node);
        }
        foreach (CudaConstant constant in Constants)
        {
            _constantPlaces.Add(constant, place);
            place += Aligned(constant.Length);
        }
        ParameterLength = place;
        PlaceValues();
    }

    public Graph Graph { get; }

    public IReadOnlyList<CudaKernel> Kernels => _selection.Kernels;

    public IReadOnlyList<CudaLaunch> Launches => _selection.Launches;

    /// <summary>What is launched before, when parameters have changed.</summary>
    public IReadOnlyList<CudaLaunch> Preparations => _selection.Preparations;

    /// <summary>What is in the parameters' memory behind them.</summary>
    public IReadOnlyList<CudaConstant> Constants => _selection.Constants;

    /// <summary>Floats of the parameters' memory.</summary>
    public long ParameterLength { get; }

    /// <summary>Floats of a sample's activations, inputs and outputs among them.</summary>
    public long SampleLength { get; private set; }

    /// <summary>The module's text.</summary>
    public string Module => PtxWriter.Module(Kernels.Select(kernel => kernel.Text));

    /// <summary>Plans the inference of a network.</summary>
    /// <param name="refusals">The nodes that stand in the way; empty where there is a plan.</param>
    public static CudaPlan? Create(InferredNetwork network, out IReadOnlyList<CudaRefusal> refusals)
    {
        ParameterTable parameters = NetworkLowering.Parameters(network);
        Graph graph = Lower(network, parameters, out refusals);
        return refusals.Count > 0 ? null : new CudaPlan(graph, parameters);
    }

    /// <summary>The nodes that stand in the way of a plan, without one being made: no kernel is written.</summary>
    public static IReadOnlyList<CudaRefusal> Check(InferredNetwork network)
    {
        Lower(network, NetworkLowering.Parameters(network), out IReadOnlyList<CudaRefusal> refusals);
        return refusals;
    }

    private static Graph Lower(InferredNetwork network, ParameterTable parameters, out IReadOnlyList<CudaRefusal> refusals)
    {
        Graph graph = NetworkLowering.Build(network, parameters, training: false);
        // Before fusions put it into the layer in front, which is not the one to be named.
        refusals = Refusals(graph, node => CudaActivations.Refuse(node.Op));
        if (refusals.Count > 0)
            return graph;
        FoldBatchNorm.Run(graph, CudaOps.FoldsNormalization);
        FuseEpilogues.Run(graph);
        FuseElementwise.Run(graph);
        refusals = Refusals(graph, Refuse);
        return graph;
    }

    /// <summary>Where a tensor begins among the parameters, in floats; one of another plan of the network is found by its path.</summary>
    public long PlaceOf(ParameterInfo parameter) => _parameterPlaces[parameter.Path];

    /// <summary>Where numbers that follow from parameters, or from nothing, begin in the same memory.</summary>
    public long PlaceOf(CudaConstant constant) => _constantPlaces[constant];

    /// <summary>Where a value begins in memory for a number of samples, in floats.</summary>
    public long PlaceOf(Value value, int samples) => _places[_selection.Storage(value)] * samples;

    private static IReadOnlyList<CudaRefusal> Refusals(Graph graph, Func<Node, string?> refuse)
        => [.. graph.Nodes.Select(node => (node, Reason: refuse(node))).Where(entry => entry.Reason is not null)
            .Select(entry => new CudaRefusal(entry.node, entry.Reason!))];

    private static string? Refuse(Node node)
        => CudaOps.Find(node.Op) is { } op ? op.Refuse(node) : "has no kernel for GPUs yet";

    /// <summary>
    /// Values take the first gap that is free from the launch that gives them to the last that reads them; what the caller gives and gets
    /// is there throughout.
    /// </summary>
    private void PlaceValues()
    {
        var lives = new Dictionary<Value, (int First, int Last)>();
        int end = Launches.Count;
        foreach (Value value in Graph.Inputs.Concat(Graph.Outputs).Select(_selection.Storage).Distinct())
            lives[value] = (-1, end);
        for (int i = 0; i < end; i++)
        {
            foreach (CudaArgument.OfValue argument in Launches[i].Arguments.OfType<CudaArgument.OfValue>())
            {
                lives[argument.Value] = lives.TryGetValue(argument.Value, out (int First, int Last) known)
                    ? (known.First, Math.Max(known.Last, i)) : (i, i);
            }
        }
        var placed = new List<(long Start, long Length, int First, int Last)>();
        foreach (KeyValuePair<Value, (int First, int Last)> life in lives.OrderBy(life => life.Value.First))
        {
            (Value value, (int first, int last)) = (life.Key, life.Value);
            long length = Aligned(value.Shape.Size), start = 0;
            foreach ((long other, long otherLength, int otherFirst, int otherLast) in placed.OrderBy(p => p.Start))
            {
                if (first <= otherLast && otherFirst <= last && start < other + otherLength && other < start + length)
                    start = other + otherLength;
            }
            placed.Add((start, length, first, last));
            _places.Add(value, start);
            SampleLength = Math.Max(SampleLength, start + length);
        }
    }

    private static long Aligned(long length) => (length + Alignment - 1) / Alignment * Alignment;
}
