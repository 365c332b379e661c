using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.Pad2dLayer))]

namespace NetGen.Generator.Layers;

/// <summary>ZeroPad2d, ReflectionPad2d and ReplicationPad2d: a border around an image.</summary>
internal sealed class Pad2dLayer()
    : UnaryLayer<Pad2dSpec>("NetGen.ZeroPad2dAttribute", "NetGen.ReflectionPad2dAttribute", "NetGen.ReplicationPad2dAttribute")
{
    protected override string TypeName(Pad2dSpec spec) => spec.Mode switch
    {
        PaddingMode.Zeros => "ZeroPad2d",
        PaddingMode.Reflect => "ReflectionPad2d",
        PaddingMode.Replicate => "ReplicationPad2d",
        _ => throw new InvalidOperationException($"No layer pads by {spec.Mode}."),
    };

    public override LayerSpec Read(LayerArguments arguments, string name)
        => new Pad2dSpec(name, arguments.Pads("padding"), arguments.TypeName switch
    {
        "ZeroPad2d" => PaddingMode.Zeros,
        "ReflectionPad2d" => PaddingMode.Reflect,
        "ReplicationPad2d" => PaddingMode.Replicate,
        _ => throw new InvalidOperationException($"Attribute {arguments.TypeName} is registered as a padding but not read."),
    });

    protected override TensorShape Infer(Pad2dSpec spec, TensorShape input, LayerContext context)
    {
        input = context.RequireFeatureMap(input);
        Pads pads = spec.Pads;
        if (pads.Left < 0 || pads.Right < 0 || pads.Top < 0 || pads.Bottom < 0)
        {
            context.Report(DiagnosticDescriptors.NegativePadding, "padding", context.TypeName, pads.ToString());
            return TensorShape.Image(input.Channels, 0, 0);
        }
        PaddingRules.Check(pads, spec.Mode, "padding", input, context);
        return context.RequireCountable(
            TensorShape.Image(input.Channels, Extent(input.Height, pads.Top, pads.Bottom), Extent(input.Width, pads.Left, pads.Right)));

        // The limit on the number of elements reports what 32 bits do not hold.
        static int Extent(int input, int before, int after) => input == 0 ? 0 : (int)Math.Min(int.MaxValue, (long)input + before + after);
    }

    protected override string Title(Pad2dSpec spec, TensorShape input) => $"{TypeName(spec)}({spec.Pads})";

    protected override Value Lower(Pad2dSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => builder.Add(layer, new PadOp(spec.Pads, spec.Mode), [input]);
}

/// <summary>What the kinds of padding ask of the image that they pad.</summary>
internal static class PaddingRules
{
    /// <summary>Reports NG1041 and NG1042: a reflection or a turn needs rows and columns to take from.</summary>
    /// <param name="argument">The argument that gives the padding.</param>
    public static void Check(Pads pads, PaddingMode mode, string argument, TensorShape input, LayerContext context)
    {
        CheckAxis(Math.Max(pads.Top, pads.Bottom), input.Height, "row");
        CheckAxis(Math.Max(pads.Left, pads.Right), input.Width, input.IsSequence ? "element" : "column");

        void CheckAxis(int padding, int extent, string noun)
        {
            if (extent == 0 || padding == 0)
                return;
            if (mode == PaddingMode.Reflect && padding >= extent)
            {
                context.Report(DiagnosticDescriptors.ReflectionTooLarge, argument, context.DisplayName, MessageText.Count(padding, noun),
                    MessageText.Count(extent, noun),
                    context.Source, input.InWords, MessageText.Number(extent - 1));
            }
            if (mode == PaddingMode.Circular && padding > extent)
            {
                context.Report(DiagnosticDescriptors.CircularPaddingTooLarge, argument, context.DisplayName,
                    MessageText.Count(padding, noun), MessageText.Count(extent, noun),
                    context.Source, input.InWords);
            }
        }
    }
}
