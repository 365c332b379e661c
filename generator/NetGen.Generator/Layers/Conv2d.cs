using System.Numerics;
using NetGen.Generator.Cpu;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Parsing;
using NetGen.Generator.Passes;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers;

/// <summary>Conv2d, and Conv1d as a convolution over images of one row.</summary>
internal sealed class Conv2dLayer() : Layer<Conv2dSpec>("NetGen.Conv1dAttribute", "NetGen.Conv2dAttribute")
{
    protected override string TypeName(Conv2dSpec spec) => spec.IsSequence ? "Conv1d" : "Conv2d";

    public override bool HasParameters(LayerSpec spec) => true;

    public override LayerSpec Read(LayerArguments arguments, string name)
    {
        bool sequence = arguments.TypeName == "Conv1d";
        return new Conv2dSpec(
            name,
            arguments.OptionalInt("inChannels"),
            arguments.Int("outChannels"),
            ConvolutionArguments.Extent(arguments, "kernelSize", sequence),
            ConvolutionArguments.Extent(arguments, "stride", sequence, 1),
            ConvolutionArguments.Padding(arguments, sequence),
            arguments.Bool("bias", true))
        {
            Dilation = ConvolutionArguments.Extent(arguments, "dilation", sequence, 1),
            Groups = arguments.OptionalInt("groups") ?? 1,
            IsSequence = sequence,
            IsSame = ConvolutionArguments.IsSame(arguments),
            PaddingMode = ConvolutionArguments.Mode(arguments),
        };
    }

    protected override TensorShape Infer(Conv2dSpec spec, TensorShape input, LayerContext context)
    {
        input = spec.IsSequence ? context.RequireSequence(input) : context.RequireFeatureMap(input);
        ConvolutionRules.CheckInChannels(spec.InChannels, input, context);
        int channels = context.RequireAtLeastOne(spec.OutChannels, "outChannels", "number of output channels");
        ConvolutionRules.CheckGroups(spec.Groups, spec.InChannels ?? input.Channels, channels, context);
        (int height, int width) = InferExtent(spec, input, context);
        return context.RequireCountable(spec.IsSequence ? TensorShape.Sequence(channels, width) : TensorShape.Image(channels, height, width));
    }

    private static (int Height, int Width) InferExtent(Conv2dSpec spec, TensorShape input, LayerContext context)
    {
        (int height, int width) = spec.IsSame ? InferSame(spec, input, context) : WindowOf(spec).Infer(input, context);
        if (spec.PaddingMode != PaddingMode.Zeros && spec.Padding is { Height: >= 0, Width: >= 0 } && spec.Kernel is { Height: >= 1, Width: >= 1 } && spec.Dilation is { Height: >= 1, Width: >= 1 })
            PaddingRules.Check(spec.Pads, spec.PaddingMode, "padding", input, context);
        return (height, width);
    }

    /// <summary>PyTorch pads to the size of the input only where the window moves by single steps.</summary>
    private static (int Height, int Width) InferSame(Conv2dSpec spec, TensorShape input, LayerContext context)
    {
        bool valid = Require(spec.Kernel, "kernelSize", "kernel size") & Require(spec.Stride, "stride", "stride") & Require(spec.Dilation, "dilation", "dilation");
        if (valid && spec.Stride != Pair.Both(1))
        {
            context.ReportElement(DiagnosticDescriptors.SamePaddingWithStride, "stride", LayerContext.OnlyOne(spec.Stride.Height > 1, spec.Stride.Width > 1),
                context.DisplayName, spec.IsSequence ? MessageText.Number(spec.Stride.Width) : LayerContext.PairText(spec.Stride));
        }
        if (!valid || spec.Stride != Pair.Both(1))
            return valid ? (input.Height, input.Width) : (0, 0);
        bool alike = input.Height == input.Width && spec.Kernel.Height == spec.Kernel.Width && spec.Dilation.Height == spec.Dilation.Width;
        bool fits = spec.IsSequence || Fits(input.Height, spec.Kernel.Height, spec.Dilation.Height, alike ? null : 0, alike ? "rows and columns" : "rows");
        fits &= (alike && !spec.IsSequence) || Fits(input.Width, spec.Kernel.Width, spec.Dilation.Width, spec.IsSequence ? null : 1, spec.IsSequence ? "elements" : "columns");
        return fits ? (input.Height, input.Width) : (0, 0);

        bool Fits(int extent, int kernel, int dilation, int? element, string noun)
        {
            BigInteger padded = extent + dilation * ((BigInteger)kernel - 1);
            if (padded <= int.MaxValue)
                return true;
            context.ReportElement(DiagnosticDescriptors.TooLarge, "dilation", element, $"The padded input of {context.DisplayName} is too large",
                $"{MessageText.Number(extent)} + {MessageText.Number(dilation)}·({MessageText.Number(kernel)} − 1)", $"{MessageText.Number(padded)} {noun}", MessageText.Number(int.MaxValue));
            return false;
        }

        bool Require(Pair pair, string argument, string description)
            => spec.IsSequence ? context.RequireAtLeastOne(pair.Width, argument, description) != 0 : context.RequireAtLeastOne(pair, argument, description);
    }

    protected override BigInteger CountParameters(Conv2dSpec spec, TensorShape input)
    {
        int inChannels = spec.InChannels ?? (input.HasChannels ? input.Channels : 0);
        return ((BigInteger)inChannels / Math.Max(1, spec.Groups) * spec.Kernel.Height * spec.Kernel.Width + (spec.Bias ? 1 : 0)) * spec.OutChannels;
    }

    protected override IReadOnlyList<LayerParameter> Parameters(Conv2dSpec spec, TensorShape input)
    {
        int inChannels = input.Channels / spec.Groups, fanIn = inChannels * spec.Kernel.Area, fanOut = spec.OutChannels * spec.Kernel.Area;
        int[] shape = spec.IsSequence ? [spec.OutChannels, inChannels, spec.Kernel.Width] : [spec.OutChannels, inChannels, spec.Kernel.Height, spec.Kernel.Width];
        var weight = new LayerParameter("weight", shape, ParameterRole.Weight, fanIn, fanOut);
        return spec.Bias ? [weight, new LayerParameter("bias", [spec.OutChannels], ParameterRole.Bias, fanIn, fanOut)] : [weight];
    }

    public override IReadOnlyList<string> TensorNames(LayerSpec spec) => ((Conv2dSpec)spec).Bias ? ["Weight", "Bias"] : ["Weight"];

    protected override long MultiplyAdds(Conv2dSpec spec, TensorShape input, TensorShape output)
        => (long)spec.OutChannels * (input.Channels / spec.Groups) * spec.Kernel.Area * output.Height * output.Width;

    protected override string Title(Conv2dSpec spec, TensorShape input)
    {
        string Option(string name, Pair value, int standard) => ConvolutionArguments.Option(name, value, standard, spec.IsSequence);
        string padding = spec.IsSame ? ", padding same" : Option("padding", spec.Padding, 0);
        string mode = spec.PaddingMode == PaddingMode.Zeros ? "" : $" ({spec.PaddingMode.ToString().ToLowerInvariant()})";
        string groups = spec.Groups == 1 ? "" : $", {Literals.Int(spec.Groups)} groups";
        return $"{TypeName(spec)}({Literals.Int(input.Channels)}, {Literals.Int(spec.OutChannels)}, {ConvolutionArguments.Text(spec.Kernel, spec.IsSequence)}"
            + $"{Option("stride", spec.Stride, 1)}{padding}{mode}{Option("dilation", spec.Dilation, 1)}{groups}{(spec.Bias ? "" : ", no bias")})";
    }

    protected override Value Lower(Conv2dSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
    {
        string name = GraphBuilder.NodeName(layer), title = GraphBuilder.Title(layer), prefix = Naming.Camel(layer.Path);
        Pads pads = spec.Pads;
        if (spec.PaddingMode != PaddingMode.Zeros && !pads.AreNone)
        {
            // Zeros cost the kernels nothing; other borders are copied around the image first.
            TensorShape padded = input.Shape.WithExtent(input.Shape.Channels, input.Shape.Height + pads.Top + pads.Bottom, input.Shape.Width + pads.Left + pads.Right);
            input = builder.Graph.Add(new PadNode(name + "Pad", title, pads, spec.PaddingMode), prefix + "Padded", padded, input);
            pads = default;
        }
        ConvolutionWindow window = new ConvolutionWindow(spec.Kernel, spec.Stride, spec.Dilation, pads.Top, pads.Left).Over(input.Shape, layer.Output);
        ParameterInfo weight = builder.Parameter(layer, "weight");
        ParameterInfo? bias = builder.OptionalParameter(layer, "bias");
        int inChannels = input.Shape.Channels, groups = spec.Groups;
        if (groups == inChannels && groups > 1 && spec.OutChannels > inChannels)
        {
            // Several outputs for each input: with the inputs repeated, every channel is convolved by itself.
            int times = spec.OutChannels / inChannels;
            input = ChannelMapNode.Add(builder, name + "Repeat", title, ChannelMap.Repeat(inChannels, times), prefix + "Repeated", spec.OutChannels, input);
            groups = spec.OutChannels;
        }
        return ConvolutionRules.AddGrouped(builder, layer, new Convolution(weight, window, groups), bias, input, layer.Output,
            (convolution, ownBias) => new Conv2dNode(name, title, convolution, ownBias));
    }

    private static Window WindowOf(Conv2dSpec spec) => new(spec.Kernel, spec.Stride, spec.Padding, CeilMode: false, IsPooling: false, spec.Dilation, spec.IsSequence);
}

internal sealed class Conv2dNode(string name, string title, Convolution convolution, ParameterInfo? bias)
    : Node(name, title), IHasEpilogue, IHasResidual, IFoldsNormalization
{
    public Convolution Convolution { get; } = convolution;

    public ParameterInfo Weight => Convolution.Weight;

    public ParameterInfo? Bias { get; } = bias;

    public Activation? Activation { get; set; }

    /// <summary>Added after the bias and before the activation: the other operand of a fused residual addition.</summary>
    public Value? Residual { get; set; }

    public BatchNormNode? Normalization { get; set; }

    /// <summary>Groups that do not fill blocks have lanes between them that the normalisation's channels do not have.</summary>
    public bool CanFold => Convolution.Groups == 1 || Convolution.IsDepthwise || Convolution.OutChannels % Layout.Block == 0;

    public override string Verb => "Forward";

    public override bool ReadsPlainImage => Residual != Input && !Convolution.IsDepthwise;

    public override bool ReadsScalars => !Convolution.IsDepthwise;

    /// <summary>The correlation that it is, for the layouts of its values.</summary>
    public ConvolutionGeometry Geometry => Convolution.Forward(Input.Layout, _unpooled ?? Output!.Layout);

    private ConvolutionEpilogue Epilogue => new(Bias is not null || Normalization is not null, Residual?.Layout, Activation, Pool);

    private bool UsesWinograd => Convolution.Groups == 1 && Winograd.Applies(Geometry, Activation);

    private bool UsesSampleWinograd => Convolution.Groups == 1 && SampleWinograd.Applies(Geometry);

    /// <summary>A vector holds columns of one output channel.</summary>
    public bool UsesWidthLanes => Convolution.Groups == 1 && WidthConvolution.Applies(Geometry, Epilogue);

    /// <summary>Windows that the epilogue takes over its result; the node's output is then what they give.</summary>
    private FusedPool? Pool { get; set; }

    /// <summary>Layout of what the windows cover, which is never stored.</summary>
    private Layout? _unpooled;

    public override long ScratchLength => UsesWinograd ? Winograd.ScratchLength(Geometry) : UsesSampleWinograd ? SampleWinograd.ScratchLength(Geometry, Pool) : 0;

    /// <summary>Takes the pooling behind it into the epilogue, if its kernel can.</summary>
    public bool TryTakePool(PoolNode pool)
    {
        if (Pool is not null || Residual is not null || !UsesSampleWinograd || !SampleWinograd.Pools(pool.Kernel))
            return false;
        _unpooled = Output!.Layout;
        Pool = new FusedPool(pool.IsMax, pool.Kernel, pool.Divisor ?? pool.Kernel.Area, pool.Output!.Layout);
        return true;
    }

    public override ScheduleEntry Schedule => new(Name + (UsesWinograd || UsesSampleWinograd ? " (Winograd)" : ""), ScheduleLanes.Image);

    public override (int Left, int Right) HaloOf(Value input) => input == Input ? Convolution.ForwardHalo(input.Shape.Width, Output!.Shape.Width) : (0, 0);

    public override void Differentiate(Differentiate pass, Value gradient)
    {
        pass.AddParameterGradient(new Conv2dWeightGradientNode(this), Input, gradient);
        pass.Flow(Input, new Conv2dInputGradientNode(this), gradient);
    }

    public override void PackParameters(Graph graph, LayoutFacts facts)
    {
        Convolution.Pack(plain: Input == graph.Input && facts.InputIsPlain);
        Bias?.PackAsVector();
    }

    public override void PrepareWeights(PreparedWeights prepared)
    {
        Argument weights = Normalization is null
            ? KernelSelection.Parameter(Weight)
            : new PreparedArgument(FoldedWeights.Prepare(prepared, this, Normalization, Weight, Bias));
        if (UsesSampleWinograd)
        {
            long points = prepared.Reserve(this, PreparedForm.Winograd, SampleWinograd.WeightLength(Geometry));
            prepared.Add(this, SampleWinograd.Weights(Name + "RowWeights", $"{Name}, {Title}: rows of taps at the points of Toom and Cook.", Geometry),
                weights, new PreparedArgument(points));
        }
        if (!UsesWinograd)
            return;
        long offset = prepared.Reserve(this, PreparedForm.Winograd, Winograd.WeightLength(Geometry));
        prepared.Add(this, Winograd.Weights(Name + "Weights", $"{Name}, {Title}: the weights at Winograd's points.", Geometry),
            weights, new PreparedArgument(offset));
    }

    public override void SelectKernels(KernelSelection selection)
    {
        string name = selection.NameOf(this), summary = selection.SummaryOf(this);
        Argument? bias = Normalization is null ? KernelSelection.Optional(Bias) : selection.Prepared(this, PreparedForm.FoldedBias);
        Argument weights = Normalization is null ? KernelSelection.Parameter(Weight) : selection.Prepared(this, PreparedForm.Folded);
        if (UsesWinograd)
        {
            selection.Call(Winograd.Convolution(name, summary, Geometry, Epilogue), this,
                Input, selection.Prepared(this, PreparedForm.Winograd), bias, Output, Residual, KernelSelection.Scratch);
            return;
        }
        if (UsesSampleWinograd)
        {
            selection.Call(SampleWinograd.Convolution(name, summary, Geometry, Epilogue), this,
                Input, selection.Prepared(this, PreparedForm.Winograd), bias, Output, Residual, KernelSelection.Scratch);
            return;
        }
        // Kernels that go over the result group by group leave activations that do not fit registers to a pass over the whole.
        bool sweeps = Convolution.Groups > 1 && Epilogue.LateActivation is not null;
        Kernel kernel = Convolution.ForwardKernel(name, summary, Input.Layout, Output!.Layout, sweeps ? Epilogue with { Activation = null } : Epilogue);
        selection.Call(kernel, this, Input, weights, bias, Output, Residual);
        if (sweeps)
            selection.CallInPlace(this, Activation!);
    }
}

/// <summary>Input: the output's gradient. One correlation for each phase of the stride.</summary>
internal sealed class Conv2dInputGradientNode(Conv2dNode forward) : Node(forward.Name, forward.Title), IHasGradientMask
{
    public Conv2dNode Forward { get; } = forward;

    public (Activation Kind, Value Output)? Mask { get; set; }

    public override string Verb => "InputGradient";

    public override long ScratchLength => WinogradGeometry is { } geometry ? Winograd.ScratchLength(geometry) : 0;

    private Convolution Convolution => Forward.Convolution;

    /// <summary>The one correlation at Winograd's points; null if it runs otherwise.</summary>
    private ConvolutionGeometry? WinogradGeometry => Convolution.WinogradInputGradient(Input.Layout, Output!.Layout);

    public override (int Left, int Right) HaloOf(Value input)
        => input == Input ? Convolution.InputGradientHalo(input.Shape.Width, Forward.Input.Shape.Width) : (0, 0);

    public override void PrepareWeights(PreparedWeights prepared) => Convolution.PrepareInputGradient(prepared, this, WinogradGeometry);

    public override void SelectKernels(KernelSelection selection)
    {
        string name = selection.NameOf(this), summary = selection.SummaryOf(this);
        var epilogue = new ConvolutionEpilogue(Mask: Mask is { } m ? (m.Kind, m.Output.Layout) : null);
        if (WinogradGeometry is { } winograd)
        {
            selection.Call(Winograd.Convolution(name, summary, winograd, epilogue), this,
                Input, selection.Prepared(this, PreparedForm.Winograd), Output, Mask?.Output, KernelSelection.Scratch);
            return;
        }
        Argument weights = Convolution.IsTransposed(Input.Layout)
            ? selection.Prepared(this, PreparedForm.Transposed)
            : KernelSelection.Parameter(Forward.Weight);
        foreach (Kernel kernel in Convolution.InputGradientKernels(name, summary, Input.Layout, Output!.Layout, epilogue))
            selection.Call(kernel, this, Input, weights, Output, Mask?.Output);
    }
}

/// <summary>Inputs: the convolution's input and the output's gradient. Gives the gradients of weight and bias.</summary>
internal sealed class Conv2dWeightGradientNode(Conv2dNode forward) : Node(forward.Name, forward.Title)
{
    public Conv2dNode Forward { get; } = forward;

    public Value OutputGradient => Inputs[1];

    public override string Verb => "WeightGradient";

    public override bool IsParameterGradient => true;

    public override long ScratchLength => UsesWinograd ? Winograd.GradientScratchLength(Geometry) : 0;

    private ConvolutionGeometry Geometry => Forward.Convolution.Forward(Input.Layout, OutputGradient.Layout);

    private bool UsesWinograd => Forward.Convolution.Groups == 1 && Winograd.Applies(Geometry);

    public override void PrepareWeights(PreparedWeights prepared)
    {
        if (UsesWinograd)
            prepared.Reserve(this, PreparedForm.WinogradSums, Winograd.GradientSumsLength(Geometry));
    }

    public override void SelectKernels(KernelSelection selection)
    {
        string name = selection.NameOf(this), summary = $"{selection.SummaryOf(this)} {KernelSelection.Shape(Forward.Weight)}.";
        if (UsesWinograd)
        {
            Winograd.CallWeightGradient(selection, this, name, summary, Geometry, Input, OutputGradient, KernelSelection.Gradient(Forward.Weight));
        }
        else
        {
            selection.CallForParameters(Forward.Convolution.WeightGradientKernel(name, summary, Input.Layout, OutputGradient.Layout), this,
                Input, OutputGradient, KernelSelection.Gradient(Forward.Weight));
        }
        selection.CallBiasGradient(this, Forward.Bias, OutputGradient);
    }
}
