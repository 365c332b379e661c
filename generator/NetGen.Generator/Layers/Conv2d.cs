using System.Numerics;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Parsing;
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
        arguments.Pair("padding", Pair.Both(0)),
        arguments.Bool("bias", true));

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
        (int height, int width) = WindowOf(spec).Infer(input, context);
        return context.RequireCountable(TensorShape.Image(channels, height, width));
    }

    protected override BigInteger CountParameters(Conv2dSpec spec, TensorShape input)
    {
        int inChannels = spec.InChannels ?? (input.IsImage ? input.Channels : 0);
        return ((BigInteger)inChannels * spec.Kernel.Height * spec.Kernel.Width + (spec.Bias ? 1 : 0)) * spec.OutChannels;
    }

    private static Window WindowOf(Conv2dSpec spec) => new(spec.Kernel, spec.Stride, spec.Padding, CeilMode: false, IsPooling: false);
}
