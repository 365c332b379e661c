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

/// <summary>What is planned of training.</summary>
/// <param name="Prepared">What is derived from the weights before each pass.</param>
/// <param name="Gradients">Where the gradients of parameters go.</param>
internal sealed record TrainingPlan(PlannedGraph Planned, PreparedWeights Prepared, GradientPlan Gradients);

/// <summary>
/// Everything the emitter writes down: the passes, run in their order, for inference (with channel lanes, and with sample lanes where
/// they pay) and for training.
/// </summary>
internal sealed class NetworkPlan
{
    /// <summary>Beyond this many convolutions, tiles of their own would be megabytes of C# to compile.</summary>
    private const int MaxConvolutionsWithOwnTiles = 8;

    /// <summary>With fewer multiply-adds a sample is over before threads have met a few times.</summary>
    private const long MinDividedMultiplyAdds = 200_000;

    /// <summary>About 50 µs on one core, as long as it takes until a sleeping thread runs.</summary>
    private const long MinWakingMultiplyAdds = 5_000_000;

    private readonly GraphPrinter? _printer;
    private readonly TrainingEntryPoints? _trainingEntries;
    private readonly TrainingPlan? _training;

    private NetworkPlan(InferredNetwork network, long? divideFrom, GraphPrinter? printer, EquatableArray<int> vectorWidths)
    {
        InstructionSets =
            VectorIsa.For(network.Spec.Target).Where(isa => vectorWidths.Count == 0 || vectorWidths.Contains(isa.Bits)).ToList();
        _printer = printer;
        Network = network;
        Axes = LengthAxis.Of(network.Inputs);
        // Shares of a sample are constants, which its length is not.
        DividesSamples = Axes.Count == 0 && NetworkFigures.MultiplyAdds(network) >= (divideFrom ?? MinDividedMultiplyAdds);
        WakesForOneSample = DividesSamples && NetworkFigures.MultiplyAdds(network) >= (divideFrom ?? MinWakingMultiplyAdds);
        Parameters = NetworkLowering.Parameters(network);
        Inputs = CallerPort.Of(network.Inputs, "input");
        Outputs = CallerPort.Of(network.Outputs, "output");
        Losses = PlannedLoss.Of(network, Outputs);
        Graph forward = Lower(network, Parameters, training: true);
        Inputs = [.. Inputs.Zip(forward.Inputs, (port, input) => port with { IndexLimit = Lookups.LimitOf(input) })];
        Facts = new LayoutFacts(forward);
        Packing = PackingPlan.Create(forward, Facts, Parameters, network.Spec.Weights);

        Graph channels = LayOutInference(sampleLanes: false);
        Graph? lanes = Facts.UsesSampleLanes ? LayOutInference(sampleLanes: true) : null;
        Graph? steps = network.Spec.HasStream ? LayOutStream() : null;
        InferencePrepared = new PreparedWeights([.. new[] { channels, lanes, steps }.OfType<Graph>()]);
        Needs = new OutputNeeds(channels);
        Inference = PlanInference(channels, "");
        if (lanes is not null)
            LanesInference = PlanInference(lanes, "Lanes");
        if (steps is not null)
            Stream = StreamPlan.Create(steps, this);
        if (!network.Spec.IsInferenceOnly)
            _training = PlanTraining();
        CheckBuffers();
        Entries = new EntryPoints(this);
        if (IsTrained)
            _trainingEntries = new TrainingEntryPoints(this);
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

    /// <summary>What the caller gives, in the order of the declaration.</summary>
    public IReadOnlyList<CallerPort> Inputs { get; }

    /// <summary>What the caller is given.</summary>
    public IReadOnlyList<CallerPort> Outputs { get; }

    /// <summary>The lengths that samples bring at run time.</summary>
    public IReadOnlyList<LengthAxis> Axes { get; }

    /// <summary>What the outputs are compared with.</summary>
    public IReadOnlyList<PlannedLoss> Losses { get; }

    public LayoutFacts Facts { get; }

    public PackingPlan Packing { get; }

    /// <summary>Training is planned; where the network is for inference only it is not, and nothing of it must be asked for.</summary>
    public bool IsTrained => _training is not null;

    /// <summary>Where training puts the gradients of parameters.</summary>
    public GradientPlan Gradients => PlannedTraining.Gradients;

    /// <summary>The methods by which the kernels of inference are entered.</summary>
    public EntryPoints Entries { get; }

    /// <summary>The methods by which the kernels of training are entered.</summary>
    public TrainingEntryPoints TrainingEntries => _trainingEntries ?? throw NotTrained();

    /// <summary>Images of whole batches are computed with 16 samples side by side, all of them or those of some regions.</summary>
    public bool UsesSampleLanes => Facts.UsesSampleLanes;

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

    /// <summary>What each output of inference needs.</summary>
    public OutputNeeds Needs { get; }

    /// <summary>Positions one by one; null where nobody asks for a stream.</summary>
    public StreamPlan? Stream { get; }

    public PlannedGraph Training => PlannedTraining.Planned;

    /// <summary>What training derives from the weights before each pass.</summary>
    public PreparedWeights Prepared => PlannedTraining.Prepared;

    /// <summary>What inference derives from the weights when they have changed, for all sessions of the network.</summary>
    public PreparedWeights InferencePrepared { get; }

    /// <summary>What sessions and trainers allocate is counted in 32 bits, for each sample.</summary>
    private void CheckBuffers()
    {
        long sample = Inference.Memory.PerSampleLength + (LanesInference?.Memory.PerSampleLength ?? 0),
            row = Inference.Memory.PerRowLength + (LanesInference?.Memory.PerRowLength ?? 0);
        SizeLimitException.CheckBuffer("The activations that inference keeps of a sample are too many",
            [InferencePrepared.ScratchLength, sample, row]);
        SizeLimitException.CheckBuffer("What inference derives from the weights is too large", [InferencePrepared.Length]);
        if (!IsTrained)
            return;
        SizeLimitException.CheckBuffer("The working memory of a thread of training is too large", [Prepared.ScratchLength]);
        SizeLimitException.CheckBuffer("What training derives from the weights is too large", [Prepared.Length]);
        SizeLimitException.CheckBuffer("The gradients of parameters, one for each use, are too many",
            [Packing.Length, Gradients.FurtherLength]);
    }

    /// <summary>The graph of inference after the passes that ask for no layout.</summary>
    /// <param name="lanes">Says which images will have sample lanes; null where none will.</param>
    /// <param name="after">Is shown the graph after each pass.</param>
    public static Graph LowerForInference(
        InferredNetwork network, ParameterTable parameters, LayoutFacts? lanes = null, Action<string, Graph>? after = null)
    {
        Graph graph = Lower(network, parameters, training: false, lanes, after);
        Fuse(graph, network, after);
        return graph;
    }

    private static void Fuse(Graph graph, InferredNetwork network, Action<string, Graph>? after)
    {
        // What is folded is a copy, and of floats: weights that are kept otherwise are meant to be there once.
        FoldBatchNorm.Run(graph, node => node.Cpu.CanFoldNormalization
            && (network.Spec.Weights == WeightFormat.Float32 || node.Cpu.SlotOfAnyFormat is null));
        after?.Invoke(nameof(FoldBatchNorm), graph);
        FuseElements(graph, after);
    }

    /// <summary>What is done element by element goes where the element is in a register.</summary>
    private static void FuseElements(Graph graph, Action<string, Graph>? after)
    {
        FuseEpilogues.Run(graph);
        after?.Invoke(nameof(FuseEpilogues), graph);
        FuseElementwise.Run(graph);
        CpuOps.Bind(graph);
        after?.Invoke(nameof(FuseElementwise), graph);
    }

    /// <summary>The graph of a stream; a network that has none is not planned.</summary>
    private Graph LayOutStream()
    {
        Graph graph = StreamGraph.Build(NetworkLowering.Build(Network, Parameters, training: false), out StreamRefusal? refusal)
            ?? throw new InvalidOperationException($"{refusal?.Node?.Name} {refusal?.Reason}.");
        CpuOps.Bind(graph);
        After("Stream", nameof(StreamGraph), graph);
        Prepare(graph, lanes: null, (pass, lowered) => After("Stream", pass, lowered));
        Fuse(graph, Network, (pass, lowered) => After("Stream", pass, lowered));
        ChooseLayout.Run(graph, Facts, [], inPlaceInput: true);
        After("Stream", nameof(ChooseLayout), graph);
        return graph;
    }

    /// <summary>The most memory that activations take at one time in inference, and where.</summary>
    public static ActivationMemory.Peak ActivationPeak(InferredNetwork network)
        => ActivationMemory.Of(LowerForInference(network, NetworkLowering.Parameters(network)));

    private Graph LayOutInference(bool sampleLanes)
    {
        string what = sampleLanes ? "Inference with sample lanes" : "Inference";
        Graph graph = LowerForInference(Network, Parameters, sampleLanes ? Facts : null, (pass, lowered) => After(what, pass, lowered));
        ChooseLayout.Run(graph, Facts, sampleLanes ? Facts.WithSampleLanes(graph) : [], inPlaceInput: true);
        After(what, nameof(ChooseLayout), graph);
        FusePooling.Run(graph);
        After(what, nameof(FusePooling), graph);
        return graph;
    }

    private PlannedGraph PlanInference(Graph graph, string nameSuffix)
    {
        var calls = new List<KernelCall>();
        var external = new List<Value>();
        var needs = new OutputNeeds(graph) { Alone = Needs.Alone };
        for (int i = 0; i < graph.Inputs.Count; i++)
        {
            if (graph.Inputs[i].Layout.IsCallers)
                external.Add(graph.Inputs[i]);
            else
                calls.Add(LoadInput(graph, i) with { ForOutputs = needs.Loaded(i) });
        }
        calls.AddRange(KernelSelection.Run(graph, nameSuffix, InferencePrepared)
            .Select(call => call with { ForOutputs = needs.Computed(call.Node!) }));
        calls.AddRange(graph.Outputs.Select((output, i)
            => StoreOutput("Store" + Outputs[i].Stem, i, output) with { ForOutputs = needs.Stored(i) }));
        return new PlannedGraph(graph, calls, MemoryPlan.ForInference(calls, external));
    }

    private TrainingPlan PlanTraining()
    {
        Graph graph = Lower(Network, Parameters, training: true, Facts, (pass, lowered) => After("Training", pass, lowered));
        Differentiate.Run(graph, [.. Losses.Select(loss => loss.OfGraph)]);
        CpuOps.Bind(graph);
        After("Training", nameof(Differentiate), graph);
        FuseElements(graph, (pass, fused) => After("Training", pass, fused));
        ChooseLayout.Run(graph, Facts, Facts.WithSampleLanes(graph), inPlaceInput: false);
        After("Training", nameof(ChooseLayout), graph);
        var prepared = new PreparedWeights([graph]);
        var gradients = new GradientPlan(graph, Packing.GradientLength);
        IReadOnlyList<KernelCall> calls = KernelSelection.Run(graph, UsesSampleLanes ? "Lanes" : "", prepared, gradients);

        Value[] external =
            [.. graph.Inputs, .. graph.Outputs, .. graph.OutputGradients, .. graph.InputGradients.OfType<Value>()];
        var planned = new PlannedGraph(graph, calls, MemoryPlan.ForTraining(calls, external, ForInputGradients(graph, calls)));
        return new TrainingPlan(planned, prepared, gradients);
    }

    private TrainingPlan PlannedTraining => _training ?? throw NotTrained();

    private InvalidOperationException NotTrained() => new($"'{Network.Spec.Name}' is for inference only: its training is not planned.");

    /// <summary>
    /// The gradients within a frozen part that nothing learns behind: they are needed only if the caller asks for the gradient of an input,
    /// and may then be as many as all others. Other networks have at most those of their first layer.
    /// </summary>
    private HashSet<Value> ForInputGradients(Graph graph, IReadOnlyList<KernelCall> calls)
    {
        if (!Parameters.All.Exists(parameter => parameter.IsFrozen))
            return [];
        var late = new HashSet<Value>(graph.BackwardNodes.SelectMany(node => node.Outputs).Select(value => value.Storage));
        foreach (Value value in calls.Where(call => !call.ForInputGradientOnly).SelectMany(call => call.Values))
            late.Remove(value.Storage);
        late.ExceptWith(graph.OutputGradients.Select(value => value.Storage));
        return late;
    }

    /// <summary>The forward pass of training, from the caller's samples on.</summary>
    public Segments ForwardSegments()
        => new("TrainForward",
        [
            .. Enumerable.Range(0, Inputs.Count).Select(i => LoadInput(Training.Graph, i)),
            .. Training.Calls.Where(c => c.Stage == Stage.Forward),
        ]);

    /// <summary>Some gradients of parameters end when all workers have met.</summary>
    public bool GradientsMeet => Training.Calls.Any(call => call.Domain is Domain.AfterMeeting or Domain.AfterGradients);

    /// <summary>The backward pass, from the output's gradient to the input's.</summary>
    public Segments BackwardSegments()
    {
        var nodes = new HashSet<Node>(Training.Graph.LossNodes);
        return new Segments("Backward",
        [
            .. Training.Calls.Where(c => c.Stage == Stage.Backward && (c.Node is null || !nodes.Contains(c.Node))),
            .. Enumerable.Range(0, Inputs.Count).Where(i => Training.Graph.InputGradients[i] is not null).Select(StoreInputGradient),
        ]);
    }

    private KernelCall StoreInputGradient(int index)
    {
        (CallerPort port, Value input) = (Inputs[index], Training.Graph.Inputs[index]);
        Value gradient = Training.Graph.InputGradients[index]!;
        string summary = $"The {NameOf(port, Inputs)}'s gradient {input.Shape} to the caller's order.";
        Kernel kernel = Relayouts.Store($"Store{port.Stem}Gradient", summary, OfPosition(input.Shape), gradient.Layout.OfPosition);
        return new KernelCall(kernel, Stage.Backward, DomainOf(input),
            [new ValueArgument(gradient), CallerArgument.Of(port.Gradient, input.Shape)], null)
        {
            Rows = input.Each,
            ForInputGradientOnly = true,
            OnlyFor = Inputs.Count > 1 ? port.Gradient : null,
        };
    }

    /// <summary>An input or output in comments.</summary>
    private static string NameOf(CallerPort port, IReadOnlyList<CallerPort> ports)
        => ports.Count > 1 ? port.Name : char.ToLowerInvariant(port.Pointer[0]) + port.Pointer.Substring(1);

    /// <summary>The tiles of convolutions take sizes as parameters, so that many layers share few methods.</summary>
    public bool SharesTiles => AllLayers.ForwardNodes.Count(node => node.Cpu.HasLargeTile) > MaxConvolutionsWithOwnTiles;

    /// <summary>The graph that tells of all layers: that of training where there is one, in which nothing is folded.</summary>
    public Graph AllLayers => (IsTrained ? Training : Inference).Graph;

    /// <summary>The forward graph, as the processor has it before any pass that knows layouts.</summary>
    /// <param name="lanes">Says which images will have sample lanes; null where none will.</param>
    /// <param name="after">Is shown the graph after each pass.</param>
    public static Graph Lower(
        InferredNetwork network, ParameterTable parameters, bool training, LayoutFacts? lanes = null, Action<string, Graph>? after = null)
    {
        Graph graph = NetworkLowering.Build(network, parameters, training);
        CpuOps.Bind(graph);
        after?.Invoke(nameof(NetworkLowering), graph);
        Prepare(graph, lanes, after);
        return graph;
    }

    /// <summary>The passes that decide what lies in the lanes.</summary>
    private static void Prepare(Graph graph, LayoutFacts? lanes, Action<string, Graph>? after)
    {
        SpreadGroups.Run(graph, lanes?.WithSampleLanes(graph) ?? []);
        CpuOps.Bind(graph);
        after?.Invoke(nameof(SpreadGroups), graph);
        ChooseFeatureLanes.Run(graph);
        CpuOps.Bind(graph);
        after?.Invoke(nameof(ChooseFeatureLanes), graph);
    }

    /// <summary>Every pass leaves a sound graph, and shows it to whoever asked.</summary>
    private void After(string what, string pass, Graph graph)
    {
        GraphVerifier.Verify(graph);
        _printer?.Print($"{what}, after {pass}", graph);
    }

    private KernelCall LoadInput(Graph graph, int index) => LoadInput(Inputs, graph, index);

    /// <param name="ports">The caller's.</param>
    public static KernelCall LoadInput(IReadOnlyList<CallerPort> ports, Graph graph, int index)
    {
        (CallerPort port, Value input) = (ports[index], graph.Inputs[index]);
        string of = ports.Count > 1 ? $" {port.Name}" : "";
        return new KernelCall(
            Relayouts.Load("Load" + port.Stem, $"The caller's samples{of} {input.Shape} to the layout of the first layer.",
                OfPosition(input.Shape),
                input.Layout.OfPosition),
            Stage.Forward, DomainOf(input), [CallerArgument.Of(port.Pointer, input.Shape), new ValueArgument(input)], null)
        {
            Rows = input.Each,
        };
    }

    /// <param name="name">Of the kernel.</param>
    /// <param name="index">Which of the outputs it is.</param>
    public KernelCall StoreOutput(string name, int index, Value output, bool isOptional = false)
        => StoreOutput(Outputs, name, index, output, isOptional);

    /// <param name="ports">The caller's.</param>
    public static KernelCall StoreOutput(IReadOnlyList<CallerPort> ports, string name, int index, Value output, bool isOptional = false)
    {
        string result = ports.Count > 1 ? $"output {ports[index].Name}" : "result";
        return new KernelCall(
            Relayouts.Store(name, $"The network's {result} {output.Shape} to the caller's order.", OfPosition(output.Shape),
                output.Layout.OfPosition),
            Stage.Forward, DomainOf(output),
            [new ValueArgument(output), CallerArgument.Of(ports[index].Pointer, output.Shape)], null)
        {
            Rows = output.Each,
            OnlyFor = isOptional && ports.Count > 1 ? ports[index].Pointer : null,
        };
    }

    /// <summary>The gradient of one of the network's outputs, which the caller has computed from a loss of its own.</summary>
    public KernelCall LoadOutputGradient(int index)
    {
        (CallerPort port, Value output) = (Outputs[index], Training.Graph.Outputs[index]);
        Value gradient = Training.Graph.OutputGradients[index];
        string of = Outputs.Count > 1 ? $"gradient of {port.Name}" : "output's gradient";
        return new KernelCall(
            Relayouts.Load($"Load{port.Stem}Gradient", $"The {of} {output.Shape} from the caller's order.", OfPosition(output.Shape),
                gradient.Layout.OfPosition),
            Stage.Backward, DomainOf(output), [CallerArgument.Of(port.Gradient, output.Shape), new ValueArgument(gradient)], null)
        {
            Rows = output.Each,
        };
    }

    /// <summary>What goes between the caller's order and the kernels' at a time.</summary>
    private static TensorShape OfPosition(TensorShape shape) => shape.HasLengths ? shape.OfPosition : shape;

    /// <summary>Images go sample by sample between the caller's order and the kernels'.</summary>
    private static Domain DomainOf(Value value)
        => value.Shape is { HasChannels: true, HasLengths: false } ? Domain.PerSample : Domain.AllSamples;
}
