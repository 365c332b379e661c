using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu;

/// <summary>From graph to kernel calls: each node, in the order of execution, calls the kernels of its layouts.</summary>
internal sealed class KernelSelection
{
    private readonly string _nameSuffix;
    private readonly PreparedWeights _prepared;
    private readonly GradientPlan? _gradients;
    private readonly StreamState? _state;
    private readonly List<KernelCall> _calls = [];
    private Stage _stage;
    private int _kernelsOfNode;

    private KernelSelection(string nameSuffix, PreparedWeights prepared, GradientPlan? gradients, StreamState? state)
    {
        _state = state;
        _nameSuffix = nameSuffix;
        _prepared = prepared;
        _gradients = gradients;
    }

    /// <param name="nameSuffix">
    /// Tells apart the kernels of a second graph of the same network, e.g. <c>Lanes</c>. Those of images with channel lanes are called
    /// alike in both, as they mostly are the same.
    /// </param>
    /// <param name="gradients">Where gradients of parameters lie; null for inference.</param>
    /// <param name="state">Where a stream keeps what is to be known of the past; null elsewhere.</param>
    public static IReadOnlyList<KernelCall> Run(
        Graph graph, string nameSuffix, PreparedWeights prepared, GradientPlan? gradients = null, StreamState? state = null)
    {
        var selection = new KernelSelection(nameSuffix, prepared, gradients, state);
        var forward = new HashSet<Node>(graph.ForwardNodes);
        foreach (Node node in graph.Nodes)
        {
            selection._stage = forward.Contains(node) ? Stage.Forward : Stage.Backward;
            selection._kernelsOfNode = 0;
            node.Cpu.SelectKernels(selection);
        }
        return selection._calls;
    }

    /// <summary>How many positions a sample of a value has; none where that is a constant.</summary>
    public static Argument? Length(Value value) => value.Shape.Axis is { } axis ? new LengthArgument(axis) : null;

    /// <summary>Where the positions of each sample begin; none where all samples have as many.</summary>
    public static Argument? Starts(Value value) => value.Shape.Axis is { } axis ? new StartsArgument(axis) : null;

    /// <summary>Working memory of the worker.</summary>
    public static Argument Scratch { get; } = new ScratchArgument();

    public string NameOf(Node node) => node.Cpu.Stem
        + (node.Inputs.Concat(node.Outputs).Any(value => value.Layout.Kind == LayoutKind.Blocked) ? "" : _nameSuffix) + node.Verb;

    public string SummaryOf(Node node)
    {
        string shapes = node.Output is null ? "" : $": {node.Input.Shape} → {node.Output.Shape}";
        return $"{node.Cpu.Heading}, {Words(node.Verb)}{shapes}.";
    }

    /// <summary>A tensor of a layer.</summary>
    public static Argument Parameter(ParameterInfo parameter) => Parameter(parameter, parameter.Offset);

    /// <summary>A tensor of a layer, or the part of it that the node uses.</summary>
    public static Argument Parameter(Node node, ParameterInfo parameter)
        => Parameter(parameter, parameter.Offset + PartOffset(node, parameter));

    private static ParameterArgument Parameter(ParameterInfo parameter, long offset)
        => new(parameter, offset) { Format = parameter.Packed.Format };

    /// <summary>The same; null if there is none.</summary>
    public static Argument? Optional(Node node, ParameterInfo? parameter) => parameter is null ? null : Parameter(node, parameter);

    /// <summary>Floats from a tensor's first element in memory to the part that a node uses.</summary>
    public static int PartOffset(Node node, ParameterInfo parameter)
    {
        ParameterUse use = node.UseOf(parameter);
        return use.Part * (parameter.Packed.Floats / use.Parts);
    }

    /// <summary>A tensor of a layer; null if there is none.</summary>
    public static Argument? Optional(ParameterInfo? parameter) => parameter is null ? null : Parameter(parameter);

    /// <summary>What a node gives as the gradient of a tensor.</summary>
    public Argument Gradient(Node node, ParameterInfo parameter)
        => Gradient(parameter, node.UseOf(parameter).Turn, PartOffset(node, parameter));

    /// <summary>What one of the nodes gives that compute a tensor's gradient.</summary>
    /// <param name="turn">How many do so before it; the whole gradient is where the first puts it.</param>
    /// <param name="start">Floats from there.</param>
    public Argument Gradient(ParameterInfo parameter, int turn, int start = 0)
        => new ParameterArgument(parameter, (_gradients ?? throw new InvalidOperationException("Inference has no gradients."))
            .OffsetOf(parameter, turn) + start, IsGradient: true);

    /// <summary>The sets of rows of a table that passes have touched, and which pass it is; none where they are not known.</summary>
    public IReadOnlyList<Argument> TouchedRows(ParameterInfo table) => _gradients?.TouchedOffset(table) is { } offset
        ? [new ParameterArgument(table, offset, IsGradient: true), new PassArgument()] : [];

    /// <summary>What a node keeps from one step of a stream to the next.</summary>
    public Argument State(Node node)
        => new StateArgument((_state ?? throw new InvalidOperationException("Only a stream has a state.")).OffsetOf(node));

    /// <summary>How many steps a stream has taken before.</summary>
    public static Argument Position { get; } = new PositionArgument();

    public static string Shape(ParameterInfo parameter) => "[" + string.Join(", ", parameter.Shape.Select(d => Literals.Int(d))) + "]";

    /// <summary>What the node has derived from its weights.</summary>
    public PreparedArgument Prepared(Node node, PreparedForm form, string slot = PreparedWeights.Weight)
        => _prepared.Find(node, form, slot);

    /// <summary>
    /// Calls a kernel for the samples: one by one for what has channels, so that a sample stays in the cache, unless the kernel wants them
    /// together; all at once for vectors.
    /// </summary>
    /// <param name="arguments">Those that are null are left out.</param>
    public void Call(Kernel kernel, Node node, params Argument?[] arguments)
    {
        bool isImage = (node.Output ?? node.Input).Shape.HasChannels;
        Add(kernel, _stage, isImage && !kernel.TakesAllSamples ? Domain.PerSample : Domain.AllSamples, node, arguments);
    }

    /// <summary>
    /// Calls a kernel whose samples are rows of features: vectors, or the positions of each sample, in which case workers may divide those
    /// of one sample.
    /// </summary>
    /// <param name="arguments">Those that are null are left out.</param>
    public void CallRows(Kernel kernel, Node node, params Argument?[] arguments)
        => CallRowsOf(node.Output ?? node.Input, kernel, node, arguments);

    /// <summary>The same where other values have several positions for each row.</summary>
    /// <param name="value">Whose positions are the rows.</param>
    public void CallRowsOf(Value value, Kernel kernel, Node node, params Argument?[] arguments)
    {
        if (value.Layout.Kind == LayoutKind.Rows)
        {
            // What comes of vectors may be groups of features, which are no image either.
            Add(kernel, _stage, Domain.AllSamples, node, arguments);
            return;
        }
        if (value.Layout.Kind != LayoutKind.Positions)
        {
            Call(kernel, node, arguments);
            return;
        }
        if (value.Shape.HasLengths)
        {
            // Rows of all samples are one run, whatever their lengths.
            Add(kernel, _stage, Domain.AllSamples, node, arguments, value.Rows);
            return;
        }
        int rows = value.Layout.Positions;
        string[] pointers = [.. kernel.Parameters.Where(parameter => parameter.Source == ParameterSource.Call).Select(p => p.Name)];
        Dictionary<string, int> strides = pointers.Zip(arguments.OfType<Argument>(), (pointer, argument) => (pointer, argument))
            .Where(operand => operand.argument is ValueArgument)
            .ToDictionary(operand => operand.pointer, operand => Stride(((ValueArgument)operand.argument).Value.Layout));
        Kernel divided = RowShare.Of(kernel, rows, strides);
        Add(divided, _stage, kernel.TakesAllSamples ? Domain.AllSamples : Domain.PerSample, node, arguments, new RowCount(rows));

        int Stride(Layout layout) => layout.AsRows.SampleStride * (layout.Kind == LayoutKind.Positions ? layout.Positions / rows : 1);
    }

    /// <summary>
    /// Calls a kernel that treats every element alike, and is written for the layout of a position where a sample has a number of them that
    /// is known at run time only (<see cref="Layout.OfPosition"/>).
    /// </summary>
    /// <param name="arguments">Those that are null are left out.</param>
    public void CallEach(Kernel kernel, Node node, params Argument?[] arguments)
    {
        if ((node.Output ?? node.Input).Shape.HasLengths)
            CallRows(kernel, node, arguments);
        else
            Call(kernel, node, arguments);
    }

    /// <summary>Calls a kernel sample by sample though its result is a vector.</summary>
    public void CallPerSample(Kernel kernel, Node node, params Argument?[] arguments)
        => Add(kernel, _stage, Domain.PerSample, node, arguments);

    /// <summary>
    /// Calls a kernel that reads all samples of a batch before anything of what follows begins; its work is divided by channels.
    /// </summary>
    public void CallForBatch(Kernel kernel, Node node, params Argument?[] arguments)
        => Add(kernel, _stage, Domain.WholeBatch, node, arguments);

    /// <summary>The same where the kernel is written as for <see cref="CallEach"/>.</summary>
    /// <param name="each">The value whose positions it then takes one by one.</param>
    public void CallForBatchOfEach(Kernel kernel, Node node, Value each, params Argument?[] arguments)
        => Add(kernel, _stage, Domain.WholeBatch, node, arguments, each.Each);

    /// <summary>Calls a kernel that computes gradients of parameters over all samples, divided by parameters.</summary>
    public void CallForParameters(Kernel kernel, Node node, params Argument?[] arguments)
        => Add(kernel, Stage.WeightGradient, Domain.PerParameter, node, arguments);

    /// <summary>The same over rows of features, of which the samples may have several.</summary>
    /// <param name="rows">The value whose rows they are.</param>
    public void CallForParametersOverRows(Kernel kernel, Node node, Value rows, params Argument?[] arguments)
        => Add(kernel, Stage.WeightGradient, Domain.PerParameter, node, arguments, rows.Rows);

    /// <summary>The same where the kernel is written as for <see cref="CallEach"/>.</summary>
    /// <param name="each">The value whose positions it then takes one by one.</param>
    public void CallForParametersOfEach(Kernel kernel, Node node, Value each, params Argument?[] arguments)
        => Add(kernel, Stage.WeightGradient, Domain.PerParameter, node, arguments, each.Each);

    /// <summary>Calls a kernel that ends gradients of parameters when all workers have computed their part of what it reads.</summary>
    public void CallAfterMeeting(Kernel kernel, Node node, params Argument?[] arguments)
        => Add(kernel, Stage.WeightGradient, Domain.AfterMeeting, node, arguments);

    /// <summary>Calls a kernel that reads gradients of parameters when all workers have computed theirs.</summary>
    public void CallAfterGradients(Kernel kernel, Node node, params Argument?[] arguments)
        => Add(kernel, Stage.WeightGradient, Domain.AfterGradients, node, arguments);

    /// <summary>Calls a kernel of the loss.</summary>
    /// <param name="driver">The method for the form of target that it takes.</param>
    /// <param name="targets">What the outputs are compared with, of <see cref="LossParameters"/>.</param>
    public void CallLoss(string driver, Kernel kernel, Node node, params KernelParameter[] targets)
    {
        Value output = node.Input;
        bool ofPositions = ((LossOp)node.Op).IsOfPositions;
        Argument[] arguments =
        [
            .. node.Inputs.Select(input => new ValueArgument(input)), .. targets.Select(TargetArgument),
            .. node.Outputs.Select(gradient => new ValueArgument(gradient)),
            new LossArgument(LossParameters.Losses, ofPositions ? 1 : 0), new LossArgument(LossParameters.Scale),
        ];
        _calls.Add(new KernelCall(kernel, Stage.Backward, ofPositions ? Domain.PerSample : Domain.AllSamples, arguments, node)
        {
            Driver = driver,
            Rows = ofPositions ? output.Rows : RowCount.One,
        });

        LossArgument TargetArgument(KernelParameter target)
        {
            if (!ofPositions)
                return new LossArgument(target);
            int ofPosition = target == LossParameters.Labels ? 1 : output.Shape.Width;
            return new LossArgument(target, output.Shape.HasLengths ? ofPosition : ofPosition * output.Layout.Positions, output.Shape.Axis);
        }
    }

    /// <summary>
    /// Calls a kernel of a loss that reads the outputs of the whole batch, and what another has computed of them
    /// (<see cref="CallForBatch"/>), and gives the losses of some samples and the gradients there.
    /// </summary>
    /// <param name="ofBatch">The node's last output.</param>
    public void CallLossOfBatch(string driver, Kernel kernel, Node node, Value ofBatch)
    {
        Argument[] arguments =
        [
            .. node.Inputs.Append(ofBatch).Select(value => new BatchArgument(value)),
            .. node.Outputs.Where(output => output != ofBatch).Select(gradient => new ValueArgument(gradient)),
            new LossArgument(LossParameters.Losses), new LossArgument(LossParameters.Scale),
            new LossArgument(LossParameters.First), new LossArgument(LossParameters.Batch),
        ];
        _calls.Add(new KernelCall(kernel, Stage.Backward, Domain.AllSamples, arguments, node) { Driver = driver });
    }

    /// <summary>Applies an activation to the node's output where it lies.</summary>
    public void CallInPlace(Node node, Activation activation)
        => Call(Elementwise.Activate(NameOf(node) + "Activation", SummaryOf(node), activation, node.Output!.Layout, node.Output!.Layout),
            node, node.Output, node.Output);

    /// <summary>Sums the output's gradient over samples and pixels, where there is a bias.</summary>
    public void CallBiasGradient(Node node, ParameterInfo? bias, Value outputGradient)
        => CallBiasGradient(node, bias, outputGradient, outputGradient.Layout.OfRowOrSample, outputGradient);

    /// <summary>The same over rows of features.</summary>
    /// <param name="layout">Of a row.</param>
    /// <param name="rows">The value whose positions are the rows.</param>
    public void CallBiasGradient(Node node, ParameterInfo? bias, Value outputGradient, Layout layout, Value rows)
    {
        if (bias is null)
            return;
        CallForParametersOverRows(
            RowKernels.BiasGradient(node.Cpu.Stem + "BiasGradient", $"{node.Cpu.Heading}, bias gradient.", layout),
            node, rows, outputGradient, Gradient(node, bias));
    }

    private static string Words(string verb) => verb switch
    {
        "Forward" => "forward",
        "InputGradient" => "gradient of the input",
        "InputGradients" => "gradients of the inputs",
        "SecondInputGradient" => "gradient of the second input",
        "WeightGradient" => "gradient of the weights",
        _ when verb.StartsWith("Input", StringComparison.Ordinal) && verb.EndsWith("Gradient", StringComparison.Ordinal)
            => $"gradient of input {verb.Substring("Input".Length, verb.Length - "Input".Length - "Gradient".Length)}",
        _ => "gradient",
    };

    private void Add(Kernel kernel, Stage stage, Domain domain, Node node, Argument?[] arguments, RowCount? rows = null)
    {
        if (node.Cpu.Group is { } group)
            kernel = group.Share(kernel, isPreparation: false, _kernelsOfNode++);
        _calls.Add(new KernelCall(kernel, stage, domain, arguments.OfType<Argument>().ToArray(), node)
        {
            Rows = rows ?? RowCount.One,
            ForInputGradientOnly = _prepared.ForInputGradientOnly.Contains(node),
        });
    }
}
