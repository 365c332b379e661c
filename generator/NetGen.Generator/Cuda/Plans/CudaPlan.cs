using NetGen.Generator.Cpu.Plans;
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
internal sealed record CudaRefusal(Node Node, string Reason)
{
    /// <summary>The path of the layer, of a gradient that of the layer whose it is.</summary>
    public string Layer => (Node.Forward ?? Node).Layer;
}

/// <summary>
/// What a GPU does of a network's inference or training: kernels, launches in order, and where values lie. Values, parameters and their
/// gradients have PyTorch's order; samples of different lengths have room for as many positions as there may be, and zeros where the caller
/// brings fewer.
/// </summary>
internal sealed class CudaPlan
{
    /// <summary>Floats to whose multiples values begin, so that several can be read at once: 256 bytes.</summary>
    private const int Alignment = 64;

    private readonly CudaSelection _selection;
    private readonly Dictionary<Value, long> _places = [];
    private readonly Dictionary<string, long> _parameterPlaces = new(StringComparer.Ordinal);
    private readonly Dictionary<CudaConstant, long> _constantPlaces = [];
    private readonly Dictionary<(string Path, int Turn), long> _furtherGradients = [];

    private CudaPlan(Graph graph, ParameterTable parameters, IReadOnlyList<CudaLoss> losses)
    {
        (Graph, Losses) = (graph, losses);
        long place = 0;
        foreach (ParameterInfo parameter in parameters.All)
        {
            _parameterPlaces.Add(parameter.Path, place);
            place += Aligned(parameter.Length);
        }
        IEnumerable<Node> lossNodes = graph.LossNodes.Where(node => node.Op is LossOp);
        _selection = graph.OutputGradients.Count == 0 ? new CudaSelection()
            : new CudaSelection(lossNodes.Zip(losses, (node, loss) => (node, loss)).ToDictionary(pair => pair.node, pair => pair.loss));
        Forward = Select(graph.ForwardNodes);
        Loss = Select(graph.LossNodes);
        var lossOnes = new HashSet<Node>(graph.LossNodes);
        Node[] backward = [.. graph.BackwardNodes.Where(node => !lossOnes.Contains(node))];
        HashSet<Node> needed = NeededForParameters(backward);
        Backward = Select(backward.Where(needed.Contains));
        ForInputs = Select(backward.Where(node => !needed.Contains(node)));
        GradientLength = place;
        foreach (CudaArgument.OfGradient gradient in Launches.SelectMany(launch => launch.Arguments).OfType<CudaArgument.OfGradient>())
        {
            if (gradient.Turn > 0 && !_furtherGradients.ContainsKey((gradient.Parameter.Path, gradient.Turn)))
            {
                _furtherGradients.Add((gradient.Parameter.Path, gradient.Turn), GradientLength);
                GradientLength += Aligned(gradient.Parameter.Length);
            }
        }
        foreach (CudaConstant constant in Constants)
        {
            bool isOfBatch = constant is CudaConstant.OfBatch;
            _constantPlaces.Add(constant, isOfBatch ? BatchLength : place);
            if (isOfBatch)
                BatchLength += Aligned(constant.Length);
            else
                place += Aligned(constant.Length);
        }
        ParameterLength = place;
        PlaceValues();
    }

    public Graph Graph { get; }

    /// <summary>What the outputs are compared with; none in inference.</summary>
    public IReadOnlyList<CudaLoss> Losses { get; }

    public IReadOnlyList<CudaKernel> Kernels => _selection.Kernels;

    /// <summary>All, in their order.</summary>
    public IReadOnlyList<CudaLaunch> Launches => _selection.Launches;

    /// <summary>The forward pass.</summary>
    public IReadOnlyList<CudaLaunch> Forward { get; }

    /// <summary>Losses, and the gradients of outputs; of a loss with several forms of target all of them.</summary>
    public IReadOnlyList<CudaLaunch> Loss { get; }

    /// <summary>From the gradients of outputs to those of parameters.</summary>
    public IReadOnlyList<CudaLaunch> Backward { get; }

    /// <summary>What is launched then where the gradients of inputs are asked for.</summary>
    public IReadOnlyList<CudaLaunch> ForInputs { get; }

    /// <summary>What is launched before, when parameters have changed.</summary>
    public IReadOnlyList<CudaLaunch> Preparations => _selection.Preparations;

    /// <summary>What is in the parameters' memory behind them, and what there is once for a batch.</summary>
    public IReadOnlyList<CudaConstant> Constants => _selection.Constants;

    /// <summary>Floats of the parameters' memory.</summary>
    public long ParameterLength { get; }

    /// <summary>Floats of the gradients of parameters, which lie as these do, and of what further layers give that use the same.</summary>
    public long GradientLength { get; }

    /// <summary>Floats that there are once for a batch of any size.</summary>
    public long BatchLength { get; }

    /// <summary>Floats of working memory.</summary>
    public CudaCount ScratchLength => _selection.Scratch;

    /// <summary>Floats of a sample's activations, inputs and outputs among them.</summary>
    public long SampleLength { get; private set; }

    /// <summary>Numbers of a sample's largest value.</summary>
    public long LargestLength => _places.Keys.Max(value => (long)value.Shape.Size);

    /// <summary>The forward pass writes to tables of the network.</summary>
    public bool ScalesTables => Graph.ForwardNodes.Any(node => node.Op is EmbeddingOp { ScalesTable: true });

    /// <summary>The module's text.</summary>
    public string Module => PtxWriter.Module(Kernels.Select(kernel => kernel.Text));

    /// <summary>The numbers of the kernels that other precisions have by the same names, in modules of their own.</summary>
    public IReadOnlyList<int> PrecisionKernels
        => [.. Kernels.Select((kernel, number) => (kernel, number)).Where(entry => entry.kernel.InPrecision is not null)
            .Select(entry => entry.number)];

    /// <summary>The text of the module that another precision has beside <see cref="Module"/>.</summary>
    public string ModuleIn(ProductPrecision precision)
        => PtxWriter.Module(PrecisionKernels.Select(number => Kernels[number].InPrecision!(precision)));

    /// <summary>Plans the inference of a network.</summary>
    /// <param name="refusals">The nodes that stand in the way; empty where there is a plan.</param>
    public static CudaPlan? Create(InferredNetwork network, out IReadOnlyList<CudaRefusal> refusals)
    {
        ParameterTable parameters = NetworkLowering.Parameters(network);
        Graph graph = Lower(network, parameters, out refusals);
        return refusals.Count > 0 ? null : new CudaPlan(graph, parameters, []);
    }

    /// <summary>Plans its training.</summary>
    /// <inheritdoc cref="Create"/>
    public static CudaPlan? CreateTraining(InferredNetwork network, out IReadOnlyList<CudaRefusal> refusals)
    {
        ParameterTable parameters = NetworkLowering.Parameters(network);
        IReadOnlyList<PlannedLoss> losses = LossesOf(network);
        Graph graph = LowerTraining(network, parameters, losses, out refusals);
        return refusals.Count > 0 ? null : new CudaPlan(graph, parameters, CudaLosses.Of(losses));
    }

    /// <summary>The nodes that stand in the way of a plan, without one being made: no kernel is written.</summary>
    public static IReadOnlyList<CudaRefusal> Check(InferredNetwork network)
    {
        ParameterTable parameters = NetworkLowering.Parameters(network);
        Lower(network, parameters, out IReadOnlyList<CudaRefusal> refusals);
        if (refusals.Count == 0 && !network.Spec.IsInferenceOnly)
            LowerTraining(network, parameters, LossesOf(network), out refusals);
        return refusals;
    }

    private static IReadOnlyList<PlannedLoss> LossesOf(InferredNetwork network)
        => PlannedLoss.Of(network, CallerPort.Of(network.Outputs, "output"));

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

    private static Graph LowerTraining(InferredNetwork network, ParameterTable parameters, IReadOnlyList<PlannedLoss> losses,
        out IReadOnlyList<CudaRefusal> refusals)
    {
        Graph graph = NetworkLowering.Build(network, parameters, training: true);
        refusals = Refusals(graph, node => CudaActivations.Refuse(node.Op));
        if (refusals.Count > 0)
            return graph;
        Differentiate.Run(graph, [.. losses.Select(loss => loss.OfGraph)]);
        FuseEpilogues.Run(graph);
        FuseElementwise.Run(graph);
        refusals = Refusals(graph, Refuse);
        return graph;
    }

    private IReadOnlyList<CudaLaunch> Select(IEnumerable<Node> nodes)
    {
        int first = Launches.Count;
        foreach (Node node in nodes)
        {
            _selection.Current = node;
            CudaOps.Find(node.Op)!.Select(_selection, node);
        }
        return [.. Launches.Skip(first)];
    }

    /// <summary>The nodes that give gradients of parameters, and those that give what these read.</summary>
    private static HashSet<Node> NeededForParameters(IReadOnlyList<Node> backward)
    {
        var needed = new HashSet<Node>();
        foreach (Node node in backward.Reverse())
        {
            if (node.Op.IsParameterGradient || node.Outputs.Exists(output => output.Consumers.Exists(needed.Contains)))
                needed.Add(node);
        }
        return needed;
    }

    /// <summary>Where a tensor begins among the parameters, in floats; one of another plan of the network is found by its path.</summary>
    public long PlaceOf(ParameterInfo parameter) => PlaceOf(parameter.Path);

    /// <inheritdoc cref="PlaceOf(ParameterInfo)"/>
    public long PlaceOf(string parameter) => _parameterPlaces[parameter];

    /// <summary>Where numbers that follow from parameters, or from nothing, begin in the same memory.</summary>
    public long PlaceOf(CudaConstant constant) => _constantPlaces[constant];

    /// <summary>Where the gradient of a tensor goes, or what a further layer gives of it.</summary>
    public long PlaceOf(CudaArgument.OfGradient gradient) => gradient.Offset
        + (gradient.Turn == 0 ? PlaceOf(gradient.Parameter) : _furtherGradients[(gradient.Parameter.Path, gradient.Turn)]);

    /// <summary>Where a value begins in memory for a number of samples, in floats.</summary>
    public long PlaceOf(Value value, int samples) => _places[_selection.Storage(value)] * samples;

    private static IReadOnlyList<CudaRefusal> Refusals(Graph graph, Func<Node, string?> refuse)
        => [.. graph.Nodes.Select(node => (node, Reason: refuse(node))).Where(entry => entry.Reason is not null)
            .Select(entry => new CudaRefusal(entry.node, entry.Reason!))];

    private static string? Refuse(Node node)
        => CudaOps.Find(node.Op) is { } op ? op.Refuse(node) : "has no kernel for GPUs yet";

    /// <summary>
    /// Values take the first gap that is free from the launch that gives them to the last that reads them; what the caller gives and gets
    /// is there throughout, and what backward passes read of the forward pass from then on.
    /// </summary>
    private void PlaceValues()
    {
        var lives = new Dictionary<Value, (int First, int Last)>();
        int end = Launches.Count;
        IEnumerable<Value> targets = Losses.SelectMany(loss => loss.Targets).Select(target => target.Value);
        IEnumerable<Value> ports = [.. Graph.Inputs, .. Graph.Outputs, .. Graph.OutputGradients, .. Graph.InputGradients.OfType<Value>()];
        foreach (Value value in ports.Concat(targets).Select(_selection.Storage).Distinct())
        {
            lives[value] = (-1, end);
        }
        for (int i = 0; i < end; i++)
        {
            foreach (CudaArgument.OfValue argument in Launches[i].Arguments.OfType<CudaArgument.OfValue>())
            {
                lives[argument.Value] = lives.TryGetValue(argument.Value, out (int First, int Last) known)
                    ? (known.First, Math.Max(known.Last, i)) : (i, i);
            }
        }
        // A backward pass may be repeated, with other gradients of outputs: what it reads of the forward pass is there until the next one.
        foreach (Value value in lives.Keys.ToList())
        {
            (int first, int last) = lives[value];
            if (Loss.Count + Backward.Count + ForInputs.Count > 0 && first < Forward.Count && last >= Forward.Count)
                lives[value] = (first, end);
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
