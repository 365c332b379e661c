using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Inference;
using NetGen.Generator.Ir;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Lowering;
using NetGen.Generator.Passes;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cpu.Plans;

/// <summary>A graph that went through all passes: its kernel calls in order, and where its values lie.</summary>
internal sealed record PlannedGraph(Graph Graph, IReadOnlyList<KernelCall> Calls, MemoryPlan Memory);

/// <summary>
/// Everything the emitter writes down: the passes, run in their order, for inference (with channel lanes, and with sample lanes where
/// they pay) and for training.
/// </summary>
internal sealed class NetworkPlan
{
    /// <summary>Sample lanes are taken if channel lanes would do this many times the work, on lanes that no channel fills.</summary>
    private const double SampleLanesGain = 1.2;

    /// <summary>Beyond this many convolutions, tiles of their own would be megabytes of C# to compile.</summary>
    private const int MaxConvolutionsWithOwnTiles = 8;

    /// <summary>With fewer multiply-adds a sample is over before threads have met a few times.</summary>
    private const long MinDividedMultiplyAdds = 200_000;

    /// <summary>About 50 µs on one core, as long as it takes until a sleeping thread runs.</summary>
    private const long MinWakingMultiplyAdds = 5_000_000;

    private readonly GraphPrinter? _printer;

    private NetworkPlan(InferredNetwork network, long? divideFrom, GraphPrinter? printer, EquatableArray<int> vectorWidths)
    {
        InstructionSets =
            VectorIsa.For(network.Spec.Target).Where(isa => vectorWidths.Count == 0 || vectorWidths.Contains(isa.Bits)).ToList();
        _printer = printer;
        Network = network;
        DividesSamples = NetworkFigures.MultiplyAdds(network) >= (divideFrom ?? MinDividedMultiplyAdds);
        WakesForOneSample = NetworkFigures.MultiplyAdds(network) >= (divideFrom ?? MinWakingMultiplyAdds);
        Parameters = NetworkLowering.Parameters(network);
        Graph forward = Lower(network, Parameters, training: true, sampleLanes: false);
        Facts = new LayoutFacts(forward);
        Packing = PackingPlan.Create(forward, Facts, Parameters);
        UsesSampleLanes = PrefersSampleLanes(forward);

        Graph channels = LayOutInference(sampleLanes: false);
        Graph? lanes = UsesSampleLanes ? LayOutInference(sampleLanes: true) : null;
        InferencePrepared = new PreparedWeights(lanes is null ? [channels] : [channels, lanes]);
        Inference = PlanInference(channels, "");
        if (lanes is not null)
            LanesInference = PlanInference(lanes, "Lanes");
        (Training, Prepared) = PlanTraining();
        CheckBuffers();
        Entries = new EntryPoints(this);
    }

    /// <param name="divideFrom">
    /// Multiply-adds of a sample from which <see cref="DividesSamples"/> and <see cref="WakesForOneSample"/> hold; null for the defaults.
    /// </param>
    /// <param name="printer">Receives each graph after each pass; null where nobody asks.</param>
    /// <param name="vectorWidths">In bits, those that kernels are written for; empty for all.</param>
    public static NetworkPlan Create(
        InferredNetwork network, long? divideFrom, GraphPrinter? printer = null, EquatableArray<int> vectorWidths = default)
        => new(network, divideFrom, printer, vectorWidths);

    /// <summary>What kernels are written for, from the widest vectors on.</summary>
    public IReadOnlyList<VectorIsa> InstructionSets { get; }

    /// <summary>Kernels are written for some widths of vectors only.</summary>
    public bool LimitsWidths => InstructionSets.Count < VectorIsa.For(Network.Spec.Target).Count;

    public InferredNetwork Network { get; }

    public ParameterTable Parameters { get; }

    public LayoutFacts Facts { get; }

    public PackingPlan Packing { get; }

    /// <summary>Where training puts the gradients of parameters.</summary>
    public GradientPlan Gradients { get; private set; } = null!;

    /// <summary>The methods by which the kernels are entered.</summary>
    public EntryPoints Entries { get; }

    /// <summary>The images of whole batches are computed with 16 samples side by side.</summary>
    public bool UsesSampleLanes { get; }

    /// <summary>A sample takes so long that it is worth waking threads for it.</summary>
    public bool WakesForOneSample { get; }

    /// <summary>Threads share the work of a single sample where a call has fewer samples than there are threads.</summary>
    public bool DividesSamples { get; }

    /// <summary>
    /// With fewer samples than this, 16 lanes of samples are emptier than those of single samples: LeNet's figures, without and with width
    /// lanes.
    /// </summary>
    public int MinLaneSamples => InWidthLanes(Inference).Any() ? 8 : 6;

    /// <summary>The convolutions whose vectors hold columns.</summary>
    public static IEnumerable<Node> InWidthLanes(PlannedGraph planned) => planned.Graph.ForwardNodes.Where(node => node.Cpu.UsesWidthLanes);

    public PlannedGraph Inference { get; }

    public PlannedGraph? LanesInference { get; }

    public PlannedGraph Training { get; }

    /// <summary>What training derives from the weights before each pass.</summary>
    public PreparedWeights Prepared { get; }

    /// <summary>What inference derives from the weights when they have changed, for all sessions of the network.</summary>
    public PreparedWeights InferencePrepared { get; }

    /// <summary>What sessions and trainers allocate is counted in 32 bits, for each sample.</summary>
    private void CheckBuffers()
    {
        long sample = Inference.Memory.PerSampleLength + (LanesInference?.Memory.PerSampleLength ?? 0),
            row = Inference.Memory.PerRowLength + (LanesInference?.Memory.PerRowLength ?? 0);
        SizeLimitException.CheckBuffer("The activations that inference keeps of a sample are too many",
            [InferencePrepared.ScratchLength, sample, row]);
        SizeLimitException.CheckBuffer("The working memory of a thread of training is too large", [Prepared.ScratchLength]);
        SizeLimitException.CheckBuffer("What inference derives from the weights is too large", [InferencePrepared.Length]);
        SizeLimitException.CheckBuffer("What training derives from the weights is too large", [Prepared.Length]);
        SizeLimitException.CheckBuffer("The gradients of parameters, one for each use, are too many",
            [Packing.Length, Gradients.FurtherLength]);
    }

    /// <summary>The graph of inference after the passes that ask for no layout.</summary>
    /// <param name="sampleLanes">Images will have sample lanes.</param>
    /// <param name="after">Is shown the graph after each pass.</param>
    public static Graph LowerForInference(InferredNetwork network, ParameterTable parameters, bool sampleLanes = false, Action<string,
        Graph>? after = null)
    {
        Graph graph = Lower(network, parameters, training: false, sampleLanes, after);
        FoldBatchNorm.Run(graph, node => node.Cpu.CanFoldNormalization);
        after?.Invoke(nameof(FoldBatchNorm), graph);
        FuseEpilogues.Run(graph);
        after?.Invoke(nameof(FuseEpilogues), graph);
        return graph;
    }

    /// <summary>The most memory that activations take at one time in inference, and where.</summary>
    public static ActivationMemory.Peak ActivationPeak(InferredNetwork network)
        => ActivationMemory.Of(LowerForInference(network, NetworkLowering.Parameters(network)));

    private Graph LayOutInference(bool sampleLanes)
    {
        string what = sampleLanes ? "Inference with sample lanes" : "Inference";
        Graph graph = LowerForInference(Network, Parameters, sampleLanes, (pass, lowered) => After(what, pass, lowered));
        ChooseLayout.Run(graph, Facts, sampleLanes, inPlaceInput: true);
        After(what, nameof(ChooseLayout), graph);
        FusePooling.Run(graph);
        After(what, nameof(FusePooling), graph);
        return graph;
    }

    private PlannedGraph PlanInference(Graph graph, string nameSuffix)
    {
        var calls = new List<KernelCall>();
        var external = new List<Value>();
        if (graph.Inputs.Single().Layout.IsCallers)
            external.Add(graph.Inputs.Single());
        else
            calls.Add(LoadInput(graph.Inputs.Single()));
        calls.AddRange(KernelSelection.Run(graph, nameSuffix, InferencePrepared));
        calls.Add(StoreOutput("StoreOutput", graph.Outputs.Single()));
        return new PlannedGraph(graph, calls, MemoryPlan.ForInference(calls, external));
    }

    private (PlannedGraph, PreparedWeights) PlanTraining()
    {
        Graph graph = Lower(Network, Parameters, training: true, UsesSampleLanes, (pass, lowered) => After("Training", pass, lowered));
        LossSpec? loss = Network.Spec.Loss;
        LossOp? op = loss is null ? null : LossRegistry.For(loss).CreateOp(loss, graph.Outputs.Single().Shape);
        Differentiate.Run(graph, op, loss is null ? "" : LossRegistry.For(loss).Title(loss));
        CpuOps.Bind(graph);
        After("Training", nameof(Differentiate), graph);
        FuseEpilogues.Run(graph);
        After("Training", nameof(FuseEpilogues), graph);
        ChooseLayout.Run(graph, Facts, UsesSampleLanes, inPlaceInput: false);
        After("Training", nameof(ChooseLayout), graph);
        var prepared = new PreparedWeights([graph]);
        Gradients = new GradientPlan(graph, Packing.Length);
        IReadOnlyList<KernelCall> calls = KernelSelection.Run(graph, UsesSampleLanes ? "Lanes" : "", prepared, Gradients);

        Value[] external = [graph.Inputs.Single(), graph.Outputs.Single(), graph.OutputGradients.Single(), graph.InputGradients.Single()!];
        return (new PlannedGraph(graph, calls, MemoryPlan.ForTraining(calls, external)), prepared);
    }

    /// <summary>The forward pass of training, from the caller's samples on.</summary>
    public Segments ForwardSegments()
        => new("TrainForward", [LoadInput(Training.Graph.Inputs.Single()), .. Training.Calls.Where(c => c.Stage == Stage.Forward)]);

    /// <summary>Some gradients of parameters end when all workers have met.</summary>
    public bool GradientsMeet => Training.Calls.Any(call => call.Domain is Domain.AfterMeeting or Domain.AfterGradients);

    /// <summary>The backward pass, from the output's gradient to the input's.</summary>
    public Segments BackwardSegments()
    {
        Graph graph = Training.Graph;
        string summary = $"The input's gradient {graph.Inputs.Single().Shape} to the caller's order.";
        Kernel kernel = Relayouts.Store("StoreInputGradient", summary, graph.Inputs.Single().Shape, graph.InputGradients.Single()!.Layout);
        var store = new KernelCall(kernel, Stage.Backward, DomainOf(graph.Inputs.Single()),
            [new ValueArgument(graph.InputGradients.Single()!),
                new CallerArgument(CallerBuffer.InputGradient, graph.Inputs.Single().Shape.Size)], null)
        {
            ForInputGradientOnly = true,
        };
        return new Segments("Backward",
            [.. Training.Calls.Where(c => c.Stage == Stage.Backward && (c.Node is null || !Training.Graph.LossNodes.Contains(c.Node))),
            store]);
    }

    /// <summary>The tiles of convolutions take sizes as parameters, so that many layers share few methods.</summary>
    public bool SharesTiles => Training.Graph.ForwardNodes.Count(node => node.Cpu.HasLargeTile) > MaxConvolutionsWithOwnTiles;

    /// <summary>The forward graph, as the processor has it before any pass that knows layouts.</summary>
    /// <param name="sampleLanes">Images will have sample lanes.</param>
    /// <param name="after">Is shown the graph after each pass.</param>
    public static Graph Lower(
        InferredNetwork network, ParameterTable parameters, bool training, bool sampleLanes, Action<string, Graph>? after = null)
    {
        Graph graph = NetworkLowering.Build(network, parameters, training);
        CpuOps.Bind(graph);
        after?.Invoke(nameof(NetworkLowering), graph);
        if (sampleLanes)
            return graph;
        SpreadGroups.Run(graph);
        CpuOps.Bind(graph);
        after?.Invoke(nameof(SpreadGroups), graph);
        return graph;
    }

    /// <summary>Every pass leaves a sound graph, and shows it to whoever asked.</summary>
    private void After(string what, string pass, Graph graph)
    {
        GraphVerifier.Verify(graph);
        _printer?.Print($"{what}, after {pass}", graph);
    }

    public static KernelCall LoadInput(Value input)
        => new(Relayouts.Load("LoadInput", $"The caller's samples {input.Shape} to the layout of the first layer.", input.Shape,
            input.Layout),
            Stage.Forward, DomainOf(input), [new CallerArgument(CallerBuffer.Input, input.Shape.Size), new ValueArgument(input)], null);

    public static KernelCall StoreOutput(string name, Value output)
        => new(Relayouts.Store(name, $"The network's result {output.Shape} to the caller's order.", output.Shape, output.Layout),
            Stage.Forward, DomainOf(output), [new ValueArgument(output), new CallerArgument(CallerBuffer.Output, output.Shape.Size)], null);

    /// <summary>The gradient of the network's output, which the caller has computed from a loss of its own.</summary>
    public static KernelCall LoadOutputGradient(Value output, Value gradient)
        => new(Relayouts.Load("LoadOutputGradient", $"The output's gradient {output.Shape} from the caller's order.", output.Shape,
            gradient.Layout),
            Stage.Backward, DomainOf(output),
                [new CallerArgument(CallerBuffer.OutputGradient, output.Shape.Size), new ValueArgument(gradient)], null);

    /// <summary>Images go sample by sample between the caller's order and the kernels'.</summary>
    private static Domain DomainOf(Value value) => value.Shape.HasChannels ? Domain.PerSample : Domain.AllSamples;

    /// <summary>Lane use of the convolutions: multiply-adds with the output channels filled up to 16, over the real ones.</summary>
    private static bool PrefersSampleLanes(Graph graph)
    {
        double real = 0, padded = 0;
        foreach (Node node in graph.Nodes)
        {
            if (node.Cpu.LaneWork is not { } work)
                continue;
            real += work.Real;
            padded += work.Padded;
        }
        return real > 0 && padded > SampleLanesGain * real;
    }
}
