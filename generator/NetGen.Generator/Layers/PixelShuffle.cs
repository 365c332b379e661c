using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.PixelShuffleLayer))]
[assembly: Kind(typeof(NetGen.Generator.Layers.PixelUnshuffleLayer))]

namespace NetGen.Generator.Layers;

/// <summary>PyTorch's <c>PixelShuffle</c>.</summary>
internal sealed record PixelShuffleSpec(string Name, int UpscaleFactor) : LayerSpec(Name);

/// <summary>PyTorch's <c>PixelUnshuffle</c>.</summary>
internal sealed record PixelUnshuffleSpec(string Name, int DownscaleFactor) : LayerSpec(Name);

/// <summary>Channels become pixels.</summary>
internal sealed class PixelShuffleLayer() : UnaryLayer<PixelShuffleSpec>("NetGen.PixelShuffleAttribute")
{
    protected override string TypeName(PixelShuffleSpec spec) => "PixelShuffle";

    public override LayerSpec Read(LayerArguments arguments, string name)
        => new PixelShuffleSpec(name, arguments.Int("upscaleFactor"));

    protected override TensorShape Infer(PixelShuffleSpec spec, TensorShape input, LayerContext context)
    {
        long factor = context.RequireAtLeastOne(spec.UpscaleFactor, "upscaleFactor", "factor"), square = factor * factor;
        TensorShape image = context.RequireFeatureMap(input);
        if (factor == 0 || image.Channels % square != 0)
        {
            if (factor > 0)
            {
                string shown = MessageText.Number(factor);
                context.Report(DiagnosticDescriptors.ShuffleDoesNotDivide, "upscaleFactor", context.DisplayName,
                    $"channels that {shown} · {shown} = {MessageText.Number(square)} divides", context.Source,
                    MessageText.Number(image.Channels), image.InWords);
            }
            return TensorShape.Image(0, 0, 0);
        }
        // No product exceeds the number of elements, which has been counted.
        return TensorShape.Image((int)(image.Channels / square), (int)(image.Height * factor), (int)(image.Width * factor));
    }

    protected override string Title(PixelShuffleSpec spec, TensorShape input) => $"PixelShuffle({Invariant.Text(spec.UpscaleFactor)})";

    protected override Value Lower(PixelShuffleSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => Moves.Lower(layer, input, Op(layer.Output, spec.UpscaleFactor), layer.Output, builder);

    /// <summary>From (C · r², H, W) to (C, H · r, W · r): channel c · r² + i · r + j is row i and column j of each square.</summary>
    public static MoveOp Op(TensorShape pixels, int factor) => MoveOp.Of(
    [
        new MoveLoop(pixels.Channels, 0, factor * factor, 0, 1), new MoveLoop(factor, 0, factor, 1, 1), new MoveLoop(factor, 0, 1, 2, 1),
        new MoveLoop(pixels.Height / factor, 1, 1, 1, factor), new MoveLoop(pixels.Width / factor, 2, 1, 2, factor),
    ], new int[3], new int[3]);
}

/// <summary>Pixels become channels.</summary>
internal sealed class PixelUnshuffleLayer() : UnaryLayer<PixelUnshuffleSpec>("NetGen.PixelUnshuffleAttribute")
{
    protected override string TypeName(PixelUnshuffleSpec spec) => "PixelUnshuffle";

    public override LayerSpec Read(LayerArguments arguments, string name)
        => new PixelUnshuffleSpec(name, arguments.Int("downscaleFactor"));

    protected override TensorShape Infer(PixelUnshuffleSpec spec, TensorShape input, LayerContext context)
    {
        int factor = context.RequireAtLeastOne(spec.DownscaleFactor, "downscaleFactor", "factor");
        TensorShape image = context.RequireFeatureMap(input);
        if (factor == 0)
            return TensorShape.Image(0, 0, 0);
        if (image.Height % factor != 0 || image.Width % factor != 0)
        {
            context.Report(DiagnosticDescriptors.ShuffleDoesNotDivide, "downscaleFactor", context.DisplayName,
                $"rows and columns that {MessageText.Number(factor)} divides", context.Source,
                $"{MessageText.Number(image.Height)} and {MessageText.Number(image.Width)}", image.InWords);
            return TensorShape.Image(0, 0, 0);
        }
        if (!image.IsComplete)
            return TensorShape.Image(0, image.Height / factor, image.Width / factor);
        return TensorShape.Image(image.Channels * factor * factor, image.Height / factor, image.Width / factor);
    }

    protected override string Title(PixelUnshuffleSpec spec, TensorShape input)
        => $"PixelUnshuffle({Invariant.Text(spec.DownscaleFactor)})";

    protected override Value Lower(PixelUnshuffleSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
    {
        MoveOp op = PixelShuffleLayer.Op(layer.Input, spec.DownscaleFactor).Reversed(ofInput: 0) with { GradientOf = null };
        return Moves.Lower(layer, input, op, layer.Output, builder);
    }
}
