using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cpu.Ops;

internal sealed class ConvTranspose2dCpu(Node node) : CpuOp<ConvTranspose2dOp>(node), IHasConvolution
{
    private Convolution? _convolution;

    /// <summary>From this node's output to its input.</summary>
    public Convolution Convolution => _convolution ??= new Convolution(Node.Parameter("weight"), Op.Window, Op.Groups);

    private ParameterInfo? Bias => Node.OptionalParameter("bias");

    /// <summary>Weights of groups lie group by group, with lanes between them that the normalisation's channels do not have.</summary>
    public override bool CanFoldNormalization => Convolution.Groups == 1 || Convolution.IsDepthwise;

    public override long ScratchLength => WinogradGeometry is { } geometry ? Winograd.ScratchLength(geometry) : 0;

    public override ScheduleEntry Schedule => new(Name + (WinogradGeometry is null ? "" : " (Winograd)"), ScheduleLanes.Image);

    public override (double Real, double Padded)? LaneWork
    {
        get
        {
            double pixels = (double)Input.Shape.Height * Input.Shape.Width;
            (double real, double padded) = Convolution.TransposedPixelWork;
            return (pixels * real, pixels * padded);
        }
    }

    private ConvolutionGeometry? WinogradGeometry => Convolution.WinogradInputGradient(Input.Layout, Output.Layout, Op.Activation);

    public override (int Left, int Right) HaloOf(Value input) => Convolution.InputGradientHalo(input.Shape.Width, Output.Shape.Width);

    public override IEnumerable<PackingRequest> PackParameters(Graph graph, LayoutFacts facts)
        => PackingRequest.Vectors(Bias).Prepend(new PackingRequest(Convolution.Weight, Convolution.Pack(plain: false)));

    public override void PrepareWeights(PreparedWeights prepared)
        => Convolution.PrepareInputGradient(prepared, Node, WinogradGeometry, BatchNormTensors.FoldedInto(Node), Bias);

    public override void SelectKernels(KernelSelection selection)
    {
        string name = selection.NameOf(Node), summary = selection.SummaryOf(Node);
        bool isFolded = Op.Normalization is not null;
        Argument? bias = isFolded ? selection.Prepared(Node, PreparedForm.FoldedBias) : KernelSelection.Optional(Bias);
        var epilogue = new ConvolutionEpilogue(Bias is not null || isFolded, Activation: Op.Activation);
        if (WinogradGeometry is { } winograd)
        {
            selection.Call(Winograd.Convolution(name, summary, winograd, epilogue), Node,
                Input, selection.Prepared(Node, PreparedForm.Winograd), bias, Output, KernelSelection.Scratch);
            return;
        }
        // What does not fit registers waits until all phases and groups have left their part.
        bool sweeps = epilogue.LateActivation is not null;
        if (sweeps)
            epilogue = epilogue with { Activation = null };
        Argument weights = Convolution.IsTransposed(Input.Layout) ? selection.Prepared(Node, PreparedForm.Transposed)
            : isFolded ? selection.Prepared(Node, PreparedForm.Folded) : KernelSelection.Parameter(Convolution.Weight);
        foreach (Kernel kernel in Convolution.InputGradientKernels(name, summary, Input.Layout, Output.Layout, epilogue))
            selection.Call(kernel, Node, Input, weights, bias, Output);
        if (sweeps)
            selection.CallInPlace(Node, Op.Activation!);
    }
}

internal sealed class ConvTranspose2dInputGradientCpu(Node node) : CpuOp<ConvTranspose2dInputGradientOp>(node)
{
    public override long ScratchLength => UsesWinograd ? Winograd.ScratchLength(Geometry) : 0;

    private Convolution Convolution => ((IHasConvolution)Node.Forward!.Cpu).Convolution;

    private ConvolutionGeometry Geometry => Convolution.Forward(Input.Layout, Output.Layout);

    private bool UsesWinograd => Convolution.Groups == 1 && Winograd.Applies(Geometry);

    public override (int Left, int Right) HaloOf(Value input)
        => input == Input ? Convolution.ForwardHalo(input.Shape.Width, Output.Shape.Width) : (0, 0);

    public override void PrepareWeights(PreparedWeights prepared)
    {
        if (!UsesWinograd)
            return;
        long offset = prepared.Reserve(Node, PreparedForm.Winograd, Winograd.WeightLength(Geometry));
        Kernel kernel = Winograd.Weights(Stem + "Weights", $"{Heading}: the weights at Winograd's points.", Geometry);
        prepared.Add(Node, kernel, KernelSelection.Parameter(Convolution.Weight), new PreparedArgument(offset));
    }

    public override void SelectKernels(KernelSelection selection)
    {
        string name = selection.NameOf(Node), summary = selection.SummaryOf(Node);
        Value? masked = Node.Mask?.Output;
        var epilogue = new ConvolutionEpilogue(Mask: Node.Mask is { } m ? (m.Activation, m.Output.Layout) : null);
        if (UsesWinograd)
        {
            selection.Call(Winograd.Convolution(name, summary, Geometry, epilogue), Node,
                Input, selection.Prepared(Node, PreparedForm.Winograd), Output, masked, KernelSelection.Scratch);
            return;
        }
        Kernel kernel = Convolution.ForwardKernel(name, summary, Input.Layout, Output.Layout, epilogue);
        selection.Call(kernel, Node, Input, KernelSelection.Parameter(Convolution.Weight), Output, masked);
    }
}

internal sealed class ConvTranspose2dWeightGradientCpu(Node node) : CpuOp<ConvTranspose2dWeightGradientOp>(node)
{
    public override long ScratchLength => UsesWinograd ? Winograd.GradientScratchLength(Geometry) : 0;

    private Value OutputGradient => Inputs[1];

    private Convolution Convolution => ((IHasConvolution)Node.Forward!.Cpu).Convolution;

    private ConvolutionGeometry Geometry => Convolution.Forward(OutputGradient.Layout, Input.Layout);

    private bool UsesWinograd => Convolution.Groups == 1 && Winograd.Applies(Geometry);

    public override (int Left, int Right) HaloOf(Value input)
        => input == OutputGradient ? Convolution.ForwardHalo(input.Shape.Width, Input.Shape.Width) : (0, 0);

    public override void PrepareWeights(PreparedWeights prepared)
    {
        if (UsesWinograd)
            prepared.Reserve(Node, PreparedForm.WinogradSums, Winograd.GradientSumsLength(Geometry));
    }

    public override void SelectKernels(KernelSelection selection)
    {
        string name = selection.NameOf(Node), summary = $"{selection.SummaryOf(Node)} {KernelSelection.Shape(Convolution.Weight)}.";
        Argument gradient = selection.Gradient(Node, Convolution.Weight);
        if (UsesWinograd)
        {
            WinogradCalls.WeightGradient(selection, Node, name, summary, Geometry, OutputGradient, Input, gradient);
        }
        else
        {
            Kernel kernel = Convolution.WeightGradientKernel(name, summary, OutputGradient.Layout, Input.Layout);
            selection.CallForParameters(kernel, Node, OutputGradient, Input, gradient);
        }
        selection.CallBiasGradient(Node, Node.OptionalParameter("bias"), OutputGradient);
    }
}
