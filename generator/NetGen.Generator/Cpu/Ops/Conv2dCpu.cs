using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cpu.Ops;

internal sealed class Conv2dCpu(Node node) : CpuOp<Conv2dOp>(node), IHasConvolution
{
    /// <summary>Layout of what the windows of <see cref="Pool"/> cover, which is never stored.</summary>
    private Layout? _unpooled;
    private Convolution? _convolution;

    public Convolution Convolution => _convolution ??= new Convolution(Weight, Op.Window, Op.Groups);

    private ParameterInfo Weight => Node.Parameter("weight");

    private ParameterInfo? Bias => Node.OptionalParameter("bias");

    private BatchNormTensors? Normalization => BatchNormTensors.FoldedInto(Node);

    /// <summary>Windows that the epilogue takes over its result; the node's output is then what they give.</summary>
    private FusedPool? Pool { get; set; }

    /// <summary>Groups that do not fill blocks have lanes between them that the normalisation's channels do not have.</summary>
    public override bool CanFoldNormalization
        => Convolution.Groups == 1 || Convolution.IsDepthwise || Convolution.OutChannels % Layout.Block == 0;

    public override bool ReadsPlainImage => Node.Residual != Input && !Convolution.IsDepthwise;

    public override bool ReadsScalars => !Convolution.IsDepthwise;

    public override bool HasLargeTile => true;

    public override (double Real, double Padded)? LaneWork
    {
        get
        {
            double pixels = (double)Output.Shape.Height * Output.Shape.Width;
            (double real, double padded) = Convolution.PixelWork;
            return (pixels * real, pixels * padded);
        }
    }

    /// <summary>The correlation that it is, for the layouts of its values.</summary>
    private ConvolutionGeometry Geometry => Convolution.Forward(Input.Layout, _unpooled ?? Output.Layout);

    private ConvolutionEpilogue Epilogue
        => new(Bias is not null || Op.Normalization is not null, Node.Residual?.Layout, Op.Activation, Pool);

    private bool UsesWinograd => Convolution.Groups == 1 && Winograd.Applies(Geometry, Op.Activation);

    private bool UsesSampleWinograd => Convolution.Groups == 1 && SampleWinograd.Applies(Geometry);

    /// <summary>A vector holds columns of one output channel.</summary>
    public override bool UsesWidthLanes => Convolution.Groups == 1 && WidthConvolution.Applies(Geometry, Epilogue);

    public override long ScratchLength
        => UsesWinograd ? Winograd.ScratchLength(Geometry) : UsesSampleWinograd ? SampleWinograd.ScratchLength(Geometry, Pool) : 0;

    public override ScheduleEntry Schedule => new(Name + (UsesWinograd || UsesSampleWinograd ? " (Winograd)" : ""), ScheduleLanes.Image);

    public override object? KernelState => (Pool, _unpooled);

    public override bool TryTakePool(Node pool, PoolWindows windows)
    {
        if (Pool is not null || Op.Residual is not null || !UsesSampleWinograd || !SampleWinograd.Pools(windows.Kernel))
            return false;
        _unpooled = Output.Layout;
        Pool = new FusedPool(windows.IsMax, windows.Kernel, windows.Divisor ?? windows.Kernel.Area, pool.Output!.Layout);
        return true;
    }

    public override (int Left, int Right) HaloOf(Value input)
        => input == Input ? Convolution.ForwardHalo(input.Shape.Width, Output.Shape.Width) : (0, 0);

    public override IEnumerable<PackingRequest> PackParameters(Graph graph, LayoutFacts facts)
    {
        bool plain = facts.IsPlain(Input);
        return PackingRequest.Vectors(Bias).Prepend(new PackingRequest(Weight, Convolution.Pack(plain)));
    }

    public override void PrepareWeights(PreparedWeights prepared)
    {
        Argument weights = Normalization is { } normalization
            ? new PreparedArgument(FoldedWeights.Prepare(prepared, Node, normalization, Weight, Bias))
            : KernelSelection.Parameter(Weight);
        if (UsesSampleWinograd)
        {
            long points = prepared.Reserve(Node, PreparedForm.Winograd, SampleWinograd.WeightLength(Geometry));
            Kernel rows = SampleWinograd.Weights(
                Stem + "RowWeights", $"{Heading}: rows of taps at the points of Toom and Cook.", Geometry);
            prepared.Add(Node, rows, weights, new PreparedArgument(points));
        }
        if (!UsesWinograd)
            return;
        long offset = prepared.Reserve(Node, PreparedForm.Winograd, Winograd.WeightLength(Geometry));
        Kernel kernel = Winograd.Weights(Stem + "Weights", $"{Heading}: the weights at Winograd's points.", Geometry);
        prepared.Add(Node, kernel, weights, new PreparedArgument(offset));
    }

    public override void SelectKernels(KernelSelection selection)
    {
        string name = selection.NameOf(Node), summary = selection.SummaryOf(Node);
        bool isFolded = Op.Normalization is not null;
        Argument? bias = isFolded ? selection.Prepared(Node, PreparedForm.FoldedBias) : KernelSelection.Optional(Bias);
        Value? residual = Node.Residual;
        if (UsesWinograd || UsesSampleWinograd)
        {
            Kernel points = UsesWinograd
                ? Winograd.Convolution(name, summary, Geometry, Epilogue)
                : SampleWinograd.Convolution(name, summary, Geometry, Epilogue);
            selection.Call(points, Node, Input, selection.Prepared(Node, PreparedForm.Winograd), bias, Output, residual,
                KernelSelection.Scratch);
            return;
        }
        // Kernels that go over the result group by group leave activations that do not fit registers to a pass over the whole.
        bool sweeps = Convolution.Groups > 1 && Epilogue.LateActivation is not null;
        Kernel kernel = Convolution.ForwardKernel(
            name, summary, Input.Layout, Output.Layout, sweeps ? Epilogue with { Activation = null } : Epilogue);
        Argument weights = isFolded ? selection.Prepared(Node, PreparedForm.Folded) : KernelSelection.Parameter(Weight);
        selection.Call(kernel, Node, Input, weights, bias, Output, residual);
        if (sweeps)
            selection.CallInPlace(Node, Op.Activation!);
    }
}

internal sealed class Conv2dInputGradientCpu(Node node) : CpuOp<Conv2dInputGradientOp>(node)
{
    public override long ScratchLength => WinogradGeometry is { } geometry ? Winograd.ScratchLength(geometry) : 0;

    private Convolution Convolution => ((IHasConvolution)Node.Forward!.Cpu).Convolution;

    /// <summary>The one correlation at Winograd's points; null if it runs otherwise.</summary>
    private ConvolutionGeometry? WinogradGeometry => Convolution.WinogradInputGradient(Input.Layout, Output.Layout);

    public override (int Left, int Right) HaloOf(Value input)
        => input == Input ? Convolution.InputGradientHalo(input.Shape.Width, Node.Forward!.Input.Shape.Width) : (0, 0);

    public override void PrepareWeights(PreparedWeights prepared) => Convolution.PrepareInputGradient(prepared, Node, WinogradGeometry);

    public override void SelectKernels(KernelSelection selection)
    {
        string name = selection.NameOf(Node), summary = selection.SummaryOf(Node);
        Value? masked = Node.Mask?.Output;
        var epilogue = new ConvolutionEpilogue(Mask: Node.Mask is { } m ? (m.Activation, m.Output.Layout) : null);
        if (WinogradGeometry is { } winograd)
        {
            selection.Call(Winograd.Convolution(name, summary, winograd, epilogue), Node,
                Input, selection.Prepared(Node, PreparedForm.Winograd), Output, masked, KernelSelection.Scratch);
            return;
        }
        Argument weights = Convolution.IsTransposed(Input.Layout)
            ? selection.Prepared(Node, PreparedForm.Transposed)
            : KernelSelection.Parameter(Convolution.Weight);
        foreach (Kernel kernel in Convolution.InputGradientKernels(name, summary, Input.Layout, Output.Layout, epilogue))
            selection.Call(kernel, Node, Input, weights, Output, masked);
    }
}

internal sealed class Conv2dWeightGradientCpu(Node node) : CpuOp<Conv2dWeightGradientOp>(node)
{
    public override long ScratchLength => UsesWinograd ? Winograd.GradientScratchLength(Geometry) : 0;

    private Value OutputGradient => Inputs[1];

    private Convolution Convolution => ((IHasConvolution)Node.Forward!.Cpu).Convolution;

    private ConvolutionGeometry Geometry => Convolution.Forward(Input.Layout, OutputGradient.Layout);

    private bool UsesWinograd => Convolution.Groups == 1 && Winograd.Applies(Geometry);

    public override void PrepareWeights(PreparedWeights prepared)
    {
        if (UsesWinograd)
            prepared.Reserve(Node, PreparedForm.WinogradSums, Winograd.GradientSumsLength(Geometry));
    }

    public override void SelectKernels(KernelSelection selection)
    {
        ParameterInfo weight = Convolution.Weight;
        string name = selection.NameOf(Node), summary = $"{selection.SummaryOf(Node)} {KernelSelection.Shape(weight)}.";
        Argument gradient = selection.Gradient(Node, weight);
        if (UsesWinograd)
        {
            WinogradCalls.WeightGradient(selection, Node, name, summary, Geometry, Input, OutputGradient, gradient);
        }
        else
        {
            Kernel kernel = Convolution.WeightGradientKernel(name, summary, Input.Layout, OutputGradient.Layout);
            selection.CallForParameters(kernel, Node, Input, OutputGradient, gradient);
        }
        selection.CallBiasGradient(Node, Node.OptionalParameter("bias"), OutputGradient);
    }
}
