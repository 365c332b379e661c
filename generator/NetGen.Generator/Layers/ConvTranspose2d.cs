using System.Numerics;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.ConvTranspose2dLayer))]

namespace NetGen.Generator.Layers;

/// <summary>
/// A transposed convolution: forward what a convolution's gradient of its input is, and the other way round. Its kernels are the
/// convolution's.
/// </summary>
internal sealed class ConvTranspose2dLayer() : UnaryLayer<ConvTranspose2dSpec>("NetGen.ConvTranspose2dAttribute")
{
    protected override string TypeName(ConvTranspose2dSpec spec) => "ConvTranspose2d";

    public override bool HasParameters(LayerSpec spec) => true;

    public override LayerSpec Read(LayerArguments arguments, string name) => new ConvTranspose2dSpec(
        name,
        arguments.OptionalInt("inChannels"),
        arguments.Int("outChannels"),
        arguments.Pair("kernelSize"),
        arguments.Pair("stride", Pair.Both(1)),
        arguments.Pair("padding", Pair.Both(0)),
        arguments.Pair("outputPadding", Pair.Both(0)),
        arguments.OptionalInt("groups") ?? 1,
        arguments.Bool("bias", true),
        arguments.Pair("dilation", Pair.Both(1)));

    protected override TensorShape Infer(ConvTranspose2dSpec spec, TensorShape input, LayerContext context)
    {
        input = context.RequireFeatureMap(input);
        ConvolutionRules.CheckInChannels(spec.InChannels, input, context);
        int channels = context.RequireAtLeastOne(spec.OutChannels, "outChannels", "number of output channels");
        ConvolutionRules.CheckGroups(spec.Groups, spec.InChannels ?? input.Channels, channels, context);

        bool valid = context.RequireAtLeastOne(spec.Kernel, "kernelSize", "kernel size")
            & context.RequireAtLeastOne(spec.Stride, "stride", "stride")
            & context.RequireAtLeastOne(spec.Dilation, "dilation", "dilation")
            & RequireNotNegative(spec.Padding, "padding", context.TypeName, context)
            & RequireNotNegative(spec.OutputPadding, "outputPadding", context.TypeName + "'s output", context);
        if (!valid || !CheckOutputPadding(spec, context))
            return TensorShape.Image(channels, 0, 0);
        Axis rows = Axis.Rows(spec, input.Height), columns = Axis.Columns(spec, input.Width);
        // Square over square: one message for both directions.
        bool square = rows == columns;
        int height = rows.Infer(square ? null : 0, square ? "rows and columns" : "rows", input, context);
        int width = square ? height : columns.Infer(1, "columns", input, context);
        return context.RequireCountable(TensorShape.Image(channels, height, width));
    }

    protected override BigInteger CountParameters(ConvTranspose2dSpec spec, TensorShape input)
    {
        int inChannels = spec.InChannels ?? (input.IsImage ? input.Channels : 0);
        return (BigInteger)inChannels / Math.Max(1, spec.Groups) * spec.OutChannels * spec.Kernel.Height * spec.Kernel.Width
            + (spec.Bias ? spec.OutChannels : 0);
    }

    protected override IReadOnlyList<LayerParameter> Parameters(ConvTranspose2dSpec spec, TensorShape input)
    {
        // PyTorch takes the fan from the second dimension, whatever its meaning is here.
        int outChannels = spec.OutChannels / spec.Groups, fanIn = outChannels * spec.Kernel.Area,
            fanOut = input.Channels * spec.Kernel.Area;
        var weight = new LayerParameter("weight", [input.Channels, outChannels, spec.Kernel.Height, spec.Kernel.Width],
            ParameterRole.Weight, fanIn, fanOut);
        return spec.Bias ? [weight, new LayerParameter("bias", [spec.OutChannels], ParameterRole.Bias, fanIn, fanOut)] : [weight];
    }

    public override IReadOnlyList<string> TensorNames(LayerSpec spec) => ((ConvTranspose2dSpec)spec).Bias ? ["Weight", "Bias"] : ["Weight"];

    protected override long MultiplyAdds(ConvTranspose2dSpec spec, TensorShape input, TensorShape output)
        => (long)input.Size * (spec.OutChannels / spec.Groups) * spec.Kernel.Area;

    protected override string Title(ConvTranspose2dSpec spec, TensorShape input)
        => $"ConvTranspose2d({Invariant.Text(input.Channels)}, {Invariant.Text(spec.OutChannels)}, "
            + $"{spec.Kernel}{Window.Option("stride", spec.Stride, 1)}{Window.Option("padding", spec.Padding, 0)}"
            + $"{Window.Option("output padding", spec.OutputPadding, 0)}"
                + $"{(spec.Groups == 1 ? "" : $", {Invariant.Text(spec.Groups)} groups")}{(spec.Bias ? "" : ", no bias")}"
                + $"{Window.Option("dilation", spec.Dilation, 1)})";

    protected override Value Lower(ConvTranspose2dSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
    {
        // The convolution that leads from this layer's output back to its input.
        ConvolutionWindow window = new ConvolutionWindow(spec.Kernel, spec.Stride, spec.Dilation, spec.Padding.Height, spec.Padding.Width)
            .Over(layer.Output, input.Shape);
        return builder.Add(layer, new ConvTranspose2dOp(window, spec.Groups), [input], "weight", "bias");
    }

    /// <summary>Reports NG1044, once for both directions where they are alike.</summary>
    private static bool CheckOutputPadding(ConvTranspose2dSpec spec, LayerContext context)
    {
        bool rows = Exceeds(spec.OutputPadding.Height, spec.Stride.Height, spec.Dilation.Height),
            columns = Exceeds(spec.OutputPadding.Width, spec.Stride.Width, spec.Dilation.Width);
        bool square = new[] { spec.OutputPadding, spec.Stride, spec.Dilation }.All(pair => pair.Height == pair.Width);
        if (rows)
            Report(square ? null : 0, square ? "rows and columns" : "rows", spec.OutputPadding.Height, spec.Stride.Height,
                spec.Dilation.Height);
        if (columns && !square)
            Report(1, "columns", spec.OutputPadding.Width, spec.Stride.Width, spec.Dilation.Width);
        return !rows && !columns;

        static bool Exceeds(int outputPadding, int stride, int dilation) => outputPadding >= stride && outputPadding >= dilation;

        void Report(int? element, string noun, int outputPadding, int stride, int dilation)
            => context.ReportElement(DiagnosticDescriptors.OutputPaddingTooLarge, "outputPadding", element, context.DisplayName,
                MessageText.Number(outputPadding), noun,
                MessageText.Number(stride), MessageText.Number(dilation));
    }

    private static bool RequireNotNegative(Pair pair, string argument, string owner, LayerContext context)
    {
        if (pair.Height >= 0 && pair.Width >= 0)
            return true;
        context.ReportElement(DiagnosticDescriptors.NegativePadding, argument, LayerContext.OnlyOne(pair.Height < 0, pair.Width < 0),
            owner, LayerContext.PairText(pair));
        return false;
    }

    /// <summary>The formula along one axis: out = (in − 1)·s − 2p + d·(k − 1) + o + 1.</summary>
    private readonly record struct Axis(int Input, int Kernel, int Stride, int Padding, int OutputPadding, int Dilation)
    {
        public static Axis Rows(ConvTranspose2dSpec spec, int height)
            => new(height, spec.Kernel.Height, spec.Stride.Height, spec.Padding.Height, spec.OutputPadding.Height, spec.Dilation.Height);

        public static Axis Columns(ConvTranspose2dSpec spec, int width)
            => new(width, spec.Kernel.Width, spec.Stride.Width, spec.Padding.Width, spec.OutputPadding.Width, spec.Dilation.Width);

        private BigInteger Output
            => (Input - (BigInteger)1) * Stride - 2 * (BigInteger)Padding + Dilation * ((BigInteger)Kernel - 1) + OutputPadding + 1;

        private string Formula
            => $"out = ({MessageText.Number(Input)} − 1)·{MessageText.Number(Stride)} − 2·{MessageText.Number(Padding)} + "
            + $"{MessageText.Number(Dilation)}·({MessageText.Number(Kernel)} − 1)"
            + $" + {MessageText.Number(OutputPadding)} + 1";

        /// <summary>The extent that leaves, 0 where unknown.</summary>
        public int Infer(int? element, string noun, TensorShape input, LayerContext context)
        {
            if (Input == 0)
                return 0;
            if (Output < 1)
            {
                context.ReportElement(DiagnosticDescriptors.EmptyOutput, "padding", element, context.DisplayName, noun, context.Source,
                    input.InWords, $"{Formula} = {MessageText.Number(Output)}");
                return 0;
            }
            if (Output > int.MaxValue)
            {
                context.ReportElement(DiagnosticDescriptors.TooLarge, "stride", element,
                    $"The output of {context.DisplayName} is too large", Formula, $"{MessageText.Number(Output)} {noun}",
                    MessageText.Number(int.MaxValue));
                return 0;
            }
            // The padding is cut off from what has been computed.
            BigInteger whole = Output + 2 * (BigInteger)Padding;
            if (whole > int.MaxValue)
            {
                context.ReportElement(DiagnosticDescriptors.TooLarge, "stride", element,
                    $"The output of {context.DisplayName} is too large before its padding is cut off",
                    $"({MessageText.Number(Input)} − 1)·{MessageText.Number(Stride)} + {MessageText.Number(Dilation)}·("
                        + $"{MessageText.Number(Kernel)} − 1) + {MessageText.Number(OutputPadding)} + 1",
                    $"{MessageText.Number(whole)} {noun}", MessageText.Number(int.MaxValue));
                return 0;
            }
            return (int)Output;
        }
    }
}
