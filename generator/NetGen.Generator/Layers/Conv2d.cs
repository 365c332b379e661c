using System.Numerics;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Emit;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Parsing;
using NetGen.Generator.Passes;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

internal sealed class Conv2dLayer() : Layer<Conv2dSpec>("NetGen.Conv2dAttribute")
{
    protected override string TypeName(Conv2dSpec spec) => "Conv2d";

    public override bool HasParameters(LayerSpec spec) => true;

    public override LayerSpec Read(LayerArguments arguments, string name) => new Conv2dSpec(
        name,
        arguments.OptionalInt("inChannels"),
        arguments.Int("outChannels"),
        arguments.Pair("kernelSize"),
        arguments.Pair("stride", Pair.Both(1)),
        IsSame(arguments) || arguments.IsText("padding", "valid") ? Pair.Both(0) : arguments.Pair("padding", Pair.Both(0), "one int, two ints (height, width), \"same\" or \"valid\""),
        arguments.Bool("bias", true))
    {
        Dilation = arguments.Pair("dilation", Pair.Both(1)),
        IsSame = IsSame(arguments),
        PaddingMode = arguments.Choice("paddingMode", "zeros", "reflect", "replicate", "circular") switch
        {
            "reflect" => PaddingMode.Reflect,
            "replicate" => PaddingMode.Replicate,
            "circular" => PaddingMode.Circular,
            _ => PaddingMode.Zeros,
        },
    };

    protected override TensorShape Infer(Conv2dSpec spec, TensorShape input, LayerContext context)
    {
        input = context.RequireFeatureMap(input);
        if (spec.InChannels is int expected
            && context.RequireAtLeastOne(expected, "inChannels", "number of input channels") != 0
            && input.Channels != 0 && expected != input.Channels)
        {
            context.Report(DiagnosticDescriptors.ChannelMismatch, "inChannels", context.DisplayName, MessageText.Count(expected, "input channel"), context.Source,
                MessageText.Number(input.Channels), MessageText.Shape(input));
        }
        int channels = context.RequireAtLeastOne(spec.OutChannels, "outChannels", "number of output channels");
        (int height, int width) = InferExtent(spec, input, context);
        return context.RequireCountable(TensorShape.Image(channels, height, width));
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
        bool valid = context.RequireAtLeastOne(spec.Kernel, "kernelSize", "kernel size")
            & context.RequireAtLeastOne(spec.Stride, "stride", "stride")
            & context.RequireAtLeastOne(spec.Dilation, "dilation", "dilation");
        if (valid && spec.Stride != Pair.Both(1))
        {
            context.ReportElement(DiagnosticDescriptors.SamePaddingWithStride, "stride", LayerContext.OnlyOne(spec.Stride.Height > 1, spec.Stride.Width > 1),
                context.DisplayName, LayerContext.PairText(spec.Stride));
        }
        return valid ? (input.Height, input.Width) : (0, 0);
    }

    private static bool IsSame(LayerArguments arguments) => arguments.IsText("padding", "same");

    protected override BigInteger CountParameters(Conv2dSpec spec, TensorShape input)
    {
        int inChannels = spec.InChannels ?? (input.IsImage ? input.Channels : 0);
        return ((BigInteger)inChannels * spec.Kernel.Height * spec.Kernel.Width + (spec.Bias ? 1 : 0)) * spec.OutChannels;
    }

    protected override IReadOnlyList<LayerParameter> Parameters(Conv2dSpec spec, TensorShape input)
    {
        int fanIn = input.Channels * spec.Kernel.Area, fanOut = spec.OutChannels * spec.Kernel.Area;
        var weight = new LayerParameter("weight", [spec.OutChannels, input.Channels, spec.Kernel.Height, spec.Kernel.Width], ParameterRole.Weight, fanIn, fanOut);
        return spec.Bias ? [weight, new LayerParameter("bias", [spec.OutChannels], ParameterRole.Bias, fanIn, fanOut)] : [weight];
    }

    public override IReadOnlyList<string> TensorNames(LayerSpec spec) => ((Conv2dSpec)spec).Bias ? ["Weight", "Bias"] : ["Weight"];

    protected override long MultiplyAdds(Conv2dSpec spec, TensorShape input, TensorShape output)
        => (long)spec.OutChannels * input.Channels * spec.Kernel.Area * output.Height * output.Width;

    protected override string Title(Conv2dSpec spec, TensorShape input)
        => $"Conv2d({Literals.Int(input.Channels)}, {Literals.Int(spec.OutChannels)}, {spec.Kernel}{Window.Option("stride", spec.Stride, 1)}{PaddingText(spec)}{Window.Option("dilation", spec.Dilation, 1)}{(spec.Bias ? "" : ", no bias")})";

    private static string PaddingText(Conv2dSpec spec)
    {
        string padding = spec.IsSame ? ", padding same" : Window.Option("padding", spec.Padding, 0);
        return spec.PaddingMode == PaddingMode.Zeros ? padding : $"{padding} ({spec.PaddingMode.ToString().ToLowerInvariant()})";
    }

    protected override Value Lower(Conv2dSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
    {
        Pads pads = spec.Pads;
        if (spec.PaddingMode != PaddingMode.Zeros && !pads.AreNone)
        {
            // Zeros cost the kernels nothing; other borders are copied around the image first.
            TensorShape padded = input.Shape.WithExtent(input.Shape.Channels, input.Shape.Height + pads.Top + pads.Bottom, input.Shape.Width + pads.Left + pads.Right);
            input = builder.Graph.Add(new PadNode(GraphBuilder.NodeName(layer) + "Pad", GraphBuilder.Title(layer), pads, spec.PaddingMode), Naming.Camel(layer.Path) + "Padded", padded, input);
            pads = default;
        }
        var window = new ConvolutionWindow(spec.Kernel, spec.Stride, spec.Dilation, pads.Top, pads.Left);
        var convolution = new Convolution(builder.Parameter(layer, "weight"), window, groups: 1);
        return builder.Add(new Conv2dNode(GraphBuilder.NodeName(layer), GraphBuilder.Title(layer), convolution, builder.OptionalParameter(layer, "bias")), layer, input);
    }

    private static Window WindowOf(Conv2dSpec spec) => new(spec.Kernel, spec.Stride, spec.Padding, CeilMode: false, IsPooling: false, spec.Dilation);
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

    public override string Verb => "Forward";

    public override bool ReadsPlainImage => Residual != Input;

    public override bool ReadsScalars => true;

    /// <summary>The correlation that it is, for the layouts of its values.</summary>
    public ConvolutionGeometry Geometry => Convolution.Forward(Input.Layout, Output!.Layout);

    private ConvolutionEpilogue Epilogue => new(Bias is not null || Normalization is not null, Residual?.Layout, Activation);

    public override long ScratchLength => Winograd.Applies(Geometry, Activation) ? Winograd.ScratchLength(Geometry) : 0;

    public override ScheduleEntry Schedule => new(Name + (Winograd.Applies(Geometry, Activation) ? " (Winograd)" : ""), ScheduleLanes.Image);

    public override (int Left, int Right) HaloOf(Value input) => input == Input
        ? ConvolutionGeometry.HaloOf(input.Shape.Width, Convolution.Window.Kernel.Width, Convolution.Window.Stride.Width, Convolution.Window.Left, Output!.Shape.Width, Convolution.Window.Dilation.Width)
        : (0, 0);

    public override void Differentiate(Differentiate pass, Value gradient)
    {
        pass.AddParameterGradient(new Conv2dWeightGradientNode(this), Input, gradient);
        pass.Flow(Input, new Conv2dInputGradientNode(this), gradient);
    }

    public override void PackParameters(Graph.Graph graph, LayoutFacts facts)
    {
        Convolution.Pack(plain: Input == graph.Input && facts.InputIsPlain);
        Bias?.PackAsVector();
    }

    public override void PrepareWeights(PreparedWeights prepared)
    {
        string weights = Normalization is null ? Passes.SelectKernels.Parameter(Weight) : PreparedWeights.At(FoldedWeights.Prepare(prepared, this, Normalization, Weight, Bias));
        if (!Winograd.Applies(Geometry, Activation))
            return;
        long offset = prepared.Reserve(this, PreparedForm.Winograd, Winograd.WeightLength(Geometry));
        prepared.Add(this, Winograd.Weights(Name + "Weights", $"{Name}, {Title}: the weights at Winograd's points.", Geometry),
            $"{weights}, {PreparedWeights.At(offset)}");
    }

    public override void SelectKernels(SelectKernels selection)
    {
        string name = selection.NameOf(this), summary = selection.SummaryOf(this);
        ConvolutionGeometry geometry = Geometry;
        string? bias = Normalization is null ? Passes.SelectKernels.Optional(Bias) : selection.Prepared(this, PreparedForm.FoldedBias);
        string weights = Normalization is null ? Passes.SelectKernels.Parameter(Weight) : selection.Prepared(this, PreparedForm.Folded);
        if (Winograd.Applies(geometry, Activation))
        {
            selection.Call(Winograd.Convolution(name, summary, geometry, Epilogue), this,
                Input, selection.Prepared(this, PreparedForm.Winograd), bias, Output, Residual, selection.Scratch);
            return;
        }
        Kernel kernel = geometry.Source.Kind == LayoutKind.Samples
            ? SampleConvolution.Create(name, summary, geometry, Epilogue)
            : ChannelConvolution.Create(name, summary, geometry, Epilogue);
        selection.Call(kernel, this, Input, weights, bias, Output, Residual);
    }
}

/// <summary>Input: the output's gradient. One correlation for each phase of the stride.</summary>
internal sealed class Conv2dInputGradientNode(Conv2dNode forward) : Node(forward.Name, forward.Title), IHasGradientMask
{
    public Conv2dNode Forward { get; } = forward;

    public (Activation Kind, Value Output)? Mask { get; set; }

    public override string Verb => "InputGradient";

    public override long ScratchLength => WinogradGeometry is { } geometry ? Winograd.ScratchLength(geometry) : 0;

    private IReadOnlyList<ConvolutionPhase> Phases => Forward.Convolution.InputGradient(Input.Layout, Output!.Layout);

    /// <summary>The one correlation at Winograd's points; null if it runs otherwise.</summary>
    private ConvolutionGeometry? WinogradGeometry => Phases.Count == 1 && Winograd.Applies(Phases[0].Geometry) ? Phases[0].Geometry : null;

    public override (int Left, int Right) HaloOf(Value input)
        => input == Input ? Forward.Convolution.InputGradientHalo(input.Shape.Width, Forward.Input.Shape.Width) : (0, 0);

    /// <summary>Channel lanes read weights with inputs and outputs exchanged; sample lanes read them where they lie.</summary>
    public override void PrepareWeights(PreparedWeights prepared)
    {
        if (Input.Layout.Kind == LayoutKind.Samples)
            return;
        long offset = prepared.Reserve(this, PreparedForm.Transposed, Forward.Convolution.TransposedLength);
        foreach (ConvolutionPhase phase in Phases.Where(p => p.HasTaps))
            prepared.Add(this, Forward.Convolution.Transposition(phase, offset));
        if (WinogradGeometry is { } winograd)
        {
            // The same worker has just transposed these blocks.
            long points = prepared.Reserve(this, PreparedForm.Winograd, Winograd.WeightLength(winograd));
            prepared.Add(this, Winograd.Weights(Name + "TransposedWeights", $"{Name}, {Title}: the transposed weights at Winograd's points.", winograd),
                $"{PreparedWeights.At(offset)}, {PreparedWeights.At(points)}");
        }
    }

    public override void SelectKernels(SelectKernels selection)
    {
        string name = selection.NameOf(this), summary = selection.SummaryOf(this);
        bool lanes = Input.Layout.Kind == LayoutKind.Samples;
        var epilogue = new ConvolutionEpilogue { Mask = Mask is { } m ? (m.Kind, m.Output.Layout) : null };
        if (WinogradGeometry is { } winograd)
        {
            selection.Call(Winograd.Convolution(name, summary, winograd, epilogue), this,
                Input, selection.Prepared(this, PreparedForm.Winograd), Output, Mask?.Output, selection.Scratch);
            return;
        }
        var phases = Phases;
        for (int phase = 0; phase < phases.Count; phase++)
        {
            string phaseName = phases.Count == 1 ? name : name + "Phase" + Literals.Int(phase);
            string phaseSummary = phases.Count == 1 ? summary
                : $"{summary} Phase ({Literals.Int(phases[phase].Rows.Start)}, {Literals.Int(phases[phase].Columns.Start)}) of stride {Forward.Convolution.Window.Stride}.";
            Kernel kernel = lanes
                ? SampleConvolution.Create(phaseName, phaseSummary, phases[phase].Geometry, epilogue)
                : ChannelConvolution.Create(phaseName, phaseSummary, phases[phase].Geometry, epilogue);
            selection.Call(kernel, this, Input, lanes ? Passes.SelectKernels.Parameter(Forward.Weight) : selection.Prepared(this, PreparedForm.Transposed), Output, Mask?.Output);
        }
    }
}

/// <summary>Inputs: the convolution's input and the output's gradient. Gives the gradients of weight and bias.</summary>
internal sealed class Conv2dWeightGradientNode(Conv2dNode forward) : Node(forward.Name, forward.Title)
{
    public Conv2dNode Forward { get; } = forward;

    public Value OutputGradient => Inputs[1];

    public override string Verb => "WeightGradient";

    public override bool IsParameterGradient => true;

    public override long ScratchLength => Winograd.Applies(Geometry) ? Winograd.GradientScratchLength(Geometry) : 0;

    private ConvolutionGeometry Geometry => Forward.Convolution.Forward(Input.Layout, OutputGradient.Layout);

    public override void PrepareWeights(PreparedWeights prepared)
    {
        if (Winograd.Applies(Geometry))
            prepared.Reserve(this, PreparedForm.WinogradSums, Winograd.WeightLength(Geometry));
    }

    public override void SelectKernels(SelectKernels selection)
    {
        string name = selection.NameOf(this), summary = $"{selection.SummaryOf(this)} {Passes.SelectKernels.Shape(Forward.Weight)}.";
        if (Winograd.Applies(Geometry))
        {
            selection.CallForParameters(Winograd.WeightGradient(name, summary, Geometry), this,
                Input, OutputGradient, Passes.SelectKernels.Gradient(Forward.Weight), selection.Prepared(this, PreparedForm.WinogradSums), "scratch");
        }
        else
        {
            selection.CallForParameters(ConvolutionWeightGradient.Create(name, summary, Geometry), this, Input, OutputGradient, Passes.SelectKernels.Gradient(Forward.Weight));
        }
        selection.CallBiasGradient(this, Forward.Bias, OutputGradient);
    }
}
