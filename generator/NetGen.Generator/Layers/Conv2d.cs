using System.Numerics;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.Conv2dLayer))]

namespace NetGen.Generator.Layers;

/// <summary>Conv2d, and Conv1d as a convolution over images of one row.</summary>
internal sealed class Conv2dLayer() : UnaryLayer<Conv2dSpec>("NetGen.Conv1dAttribute", "NetGen.Conv2dAttribute")
{
    public override OutputKind Gives(LayerSpec spec) => OutputKind.Scores;

    public override bool IsLinear(LayerSpec spec)
        => spec is Conv2dSpec { Groups: 1 } layer && (layer.IsSequence || layer.Kernel.Height == layer.Kernel.Width);

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
            IsSame = ConvolutionArguments.IsSame(arguments) || (sequence && ConvolutionArguments.IsCausal(arguments)),
            IsCausal = sequence && ConvolutionArguments.IsCausal(arguments),
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
        return context.RequireCountable(spec.IsSequence
            ? TensorShape.Sequence(channels, width) : TensorShape.Image(channels, height, width));
    }

    private static (int Height, int Width) InferExtent(Conv2dSpec spec, TensorShape input, LayerContext context)
    {
        // Who writes PyTorch's input and output channels and leaves out the kernel gets the one for the other.
        bool isLikeChannels = spec is { InChannels: null, IsSequence: false, Kernel: { Height: >= LargeKernel } kernel }
            && kernel.Height == kernel.Width && spec.OutChannels == input.Channels;
        string written = $"{Invariant.Text(spec.OutChannels)}, {Invariant.Text(spec.Kernel.Width)}";
        context.WindowHint = isLikeChannels ? $"Conv2d({written}) is {ChannelsInWords(spec)} with a kernel of that size; for "
            + $"{Invariant.Text(spec.Kernel.Width)} output channels write Conv2d({written}, kernelSize)" : null;
        (int height, int width) = spec.IsSame ? InferSame(spec, input, context) : WindowOf(spec).Infer(input, context);
        if (isLikeChannels && height > 0 && width > 0)
        {
            context.ReportFixable(DiagnosticDescriptors.KernelLikeChannels, "kernelSize",
                new ProblemFix(FixProperties.Value, Invariant.Text(spec.Kernel.Width) + ", 3"), context.TypeName,
                Invariant.Text(spec.OutChannels), Invariant.Text(spec.Kernel.Width), ChannelsInWords(spec));
        }
        if (spec.PaddingMode != PaddingMode.Zeros && spec.Padding is { Height: >= 0, Width: >= 0 }
            && spec.Kernel is { Height: >= 1, Width: >= 1 } && spec.Dilation is { Height: >= 1, Width: >= 1 })
            PaddingRules.Check(spec.Pads, spec.PaddingMode, "padding", input, context);
        return (height, width);
    }

    /// <summary>From here on a kernel is larger than nearly all that are used.</summary>
    private const int LargeKernel = 8;

    private static string ChannelsInWords(Conv2dSpec spec) => MessageText.Count(spec.OutChannels, "output channel");

    /// <summary>PyTorch pads to the size of the input only where the window moves by single steps.</summary>
    private static (int Height, int Width) InferSame(Conv2dSpec spec, TensorShape input, LayerContext context)
    {
        bool valid = Require(spec.Kernel, "kernelSize", "kernel size") & Require(spec.Stride, "stride", "stride")
            & Require(spec.Dilation, "dilation", "dilation");
        if (valid && spec.Stride != Pair.Both(1))
        {
            context.ReportElement(DiagnosticDescriptors.SamePaddingWithStride, "stride",
                LayerContext.OnlyOne(spec.Stride.Height > 1, spec.Stride.Width > 1),
                context.DisplayName, spec.IsSequence ? MessageText.Number(spec.Stride.Width) : LayerContext.PairText(spec.Stride));
        }
        if (!valid || spec.Stride != Pair.Both(1))
            return valid ? (input.Height, input.Width) : (0, 0);
        bool alike = input.Height == input.Width && spec.Kernel.Height == spec.Kernel.Width && spec.Dilation.Height == spec.Dilation.Width;
        bool fits = spec.IsSequence
            || Fits(input.Height, spec.Kernel.Height, spec.Dilation.Height, alike ? null : 0, alike ? "rows and columns" : "rows");
        fits &= (alike && !spec.IsSequence)
            || Fits(input.Width, spec.Kernel.Width, spec.Dilation.Width, spec.IsSequence ? null : 1,
            spec.IsSequence ? "elements" : "columns");
        return fits ? (input.Height, input.Width) : (0, 0);

        bool Fits(int extent, int kernel, int dilation, int? element, string noun)
        {
            BigInteger padded = extent + dilation * ((BigInteger)kernel - 1);
            if (padded <= int.MaxValue)
                return true;
            context.ReportElement(DiagnosticDescriptors.TooLarge, "dilation", element,
                $"The padded input of {context.DisplayName} is too large",
                $"{MessageText.Number(extent)} + {MessageText.Number(dilation)}·({MessageText.Number(kernel)} − 1)",
                $"{MessageText.Number(padded)} {noun}", MessageText.Number(int.MaxValue));
            return false;
        }

        bool Require(Pair pair, string argument, string description)
            => spec.IsSequence ? context.RequireAtLeastOne(pair.Width, argument, description) != 0
                : context.RequireAtLeastOne(pair, argument, description);
    }

    protected override BigInteger CountParameters(Conv2dSpec spec, TensorShape input)
    {
        int inChannels = spec.InChannels ?? (input.HasChannels ? input.Channels : 0);
        return ((BigInteger)inChannels / Math.Max(1, spec.Groups) * spec.Kernel.Height * spec.Kernel.Width
            + (spec.Bias ? 1 : 0)) * spec.OutChannels;
    }

    protected override IReadOnlyList<LayerParameter> Parameters(Conv2dSpec spec, TensorShape input)
    {
        int inChannels = input.Channels / spec.Groups, fanIn = inChannels * spec.Kernel.Area, fanOut = spec.OutChannels * spec.Kernel.Area;
        int[] shape = spec.IsSequence
            ? [spec.OutChannels, inChannels, spec.Kernel.Width] : [spec.OutChannels, inChannels, spec.Kernel.Height, spec.Kernel.Width];
        var weight = new LayerParameter("weight", shape, ParameterRole.Weight, fanIn, fanOut);
        return spec.Bias ? [weight, new LayerParameter("bias", [spec.OutChannels], ParameterRole.Bias, fanIn, fanOut)] : [weight];
    }

    public override IReadOnlyList<string> TensorNames(LayerSpec spec) => ((Conv2dSpec)spec).Bias ? ["Weight", "Bias"] : ["Weight"];

    protected override long MultiplyAdds(Conv2dSpec spec, TensorShape input, TensorShape output)
        => (long)spec.OutChannels * (input.Channels / spec.Groups) * spec.Kernel.Area * output.Height * output.Width;

    protected override string Title(Conv2dSpec spec, TensorShape input)
    {
        string Option(string name, Pair value, int standard) => ConvolutionArguments.Option(name, value, standard, spec.IsSequence);
        string padding = spec.IsCausal ? ", padding causal" : spec.IsSame ? ", padding same" : Option("padding", spec.Padding, 0);
        string mode = spec.PaddingMode == PaddingMode.Zeros ? "" : $" ({spec.PaddingMode.ToString().ToLowerInvariant()})";
        string groups = spec.Groups == 1 ? "" : $", {Invariant.Text(spec.Groups)} groups";
        return $"{TypeName(spec)}({Invariant.Text(input.Channels)}, {Invariant.Text(spec.OutChannels)}, "
            + $"{ConvolutionArguments.Text(spec.Kernel, spec.IsSequence)}"
            + $"{Option("stride", spec.Stride, 1)}{padding}{mode}{Option("dilation", spec.Dilation, 1)}{groups}"
                + $"{(spec.Bias ? "" : ", no bias")})";
    }

    protected override Value Lower(Conv2dSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
    {
        Pads pads = spec.Pads;
        if (spec.PaddingMode != PaddingMode.Zeros && !pads.AreNone)
        {
            // Zeros cost the kernels nothing; other borders are copied around the image first.
            TensorShape shape = input.Shape;
            TensorShape padded = shape.WithExtent(shape.Channels, shape.Height + pads.Top + pads.Bottom,
                shape.Width + pads.Left + pads.Right);
            input = builder.AddInner(layer, new PadOp(pads, spec.PaddingMode), "Pad", "Padded", padded, [input]);
            pads = default;
        }
        ConvolutionWindow window = new ConvolutionWindow(spec.Kernel, spec.Stride, spec.Dilation, pads.Top, pads.Left)
            .Over(input.Shape, layer.Output);
        int inChannels = input.Shape.Channels, groups = spec.Groups;
        if (groups == inChannels && groups > 1 && spec.OutChannels > inChannels)
        {
            // Several outputs for each input: with the inputs repeated, every channel is convolved by itself.
            var repeat = new ChannelMapOp(ChannelMap.Repeat(inChannels, spec.OutChannels / inChannels));
            TensorShape repeated = input.Shape.WithExtent(spec.OutChannels, input.Shape.Height, input.Shape.Width);
            input = builder.AddInner(layer, repeat, "Repeat", "Repeated", repeated, [input]);
            groups = spec.OutChannels;
        }
        return builder.Add(layer, new Conv2dOp(window, groups), [input], "weight", "bias");
    }

    private static Window WindowOf(Conv2dSpec spec)
        => new(spec.Kernel, spec.Stride, spec.Padding, CeilMode: false, IsPooling: false, spec.Dilation, spec.IsSequence);
}
