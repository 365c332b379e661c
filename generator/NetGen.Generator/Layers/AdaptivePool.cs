using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.AdaptivePoolLayer))]

namespace NetGen.Generator.Layers;

/// <summary>
/// AdaptiveAvgPool and AdaptiveMaxPool, in one and two dimensions: the output's size is given, the windows follow from it.
/// </summary>
internal sealed class AdaptivePoolLayer() : UnaryLayer<AdaptivePoolSpec>(
    "NetGen.AdaptiveAvgPool1dAttribute", "NetGen.AdaptiveAvgPool2dAttribute", "NetGen.AdaptiveMaxPool1dAttribute",
    "NetGen.AdaptiveMaxPool2dAttribute")
{
    protected override string TypeName(AdaptivePoolSpec spec)
        => $"Adaptive{(spec.IsMax ? "Max" : "Avg")}Pool{Invariant.Text(spec.Dimensions)}d";

    public override LayerSpec Read(LayerArguments arguments, string name)
    {
        bool isMax = arguments.TypeName.StartsWith("AdaptiveMax", StringComparison.Ordinal);
        if (arguments.TypeName.EndsWith("1d", StringComparison.Ordinal))
            return new AdaptivePoolSpec(name, isMax, 1, null, arguments.Int("outputSize"));
        (int? height, int? width) = arguments.OpenPair("outputSize");
        return new AdaptivePoolSpec(name, isMax, 2, height, width);
    }

    protected override TensorShape Infer(AdaptivePoolSpec spec, TensorShape input, LayerContext context)
    {
        input = spec.Dimensions == 1 ? context.RequireSequence(input) : context.RequireFeatureMap(input);
        bool rows = spec.Height < 1, columns = spec.Width < 1;
        if (rows || columns)
        {
            int? element = spec.Dimensions == 1 || spec.Height == spec.Width ? null : LayerContext.OnlyOne(rows, columns);
            context.ReportElement(DiagnosticDescriptors.SizeBelowOne, "outputSize", element, context.TypeName, "output size",
                SizeText(spec));
        }
        return context.RequireCountable(
            input.WithExtent(input.Channels, rows ? 0 : spec.Height ?? input.Height, columns ? 0 : spec.Width ?? input.Width));
    }

    protected override string Title(AdaptivePoolSpec spec, TensorShape input) => $"{TypeName(spec)}({SizeText(spec)})";

    /// <summary>Windows of one element each leave everything as it is.</summary>
    protected override Value Lower(AdaptivePoolSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => layer.Output == layer.Input
            ? input
            : builder.Add(layer, new PoolOp(new PoolWindows(
                spec.IsMax, PoolAxis.Adaptive(layer.Input.Height, layer.Output.Height),
                PoolAxis.Adaptive(layer.Input.Width, layer.Output.Width),
                CountIncludePad: false)), [input]);

    private static string SizeText(AdaptivePoolSpec spec)
        => spec.Dimensions == 1 || spec.Height == spec.Width ? Text(spec.Width) : $"({Text(spec.Height)}, {Text(spec.Width)})";

    private static string Text(int? size) => size is int number ? MessageText.Number(number) : "null";
}
