using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.UpsampleLayer))]

namespace NetGen.Generator.Layers;

/// <summary>Upsample to a size or by a factor: nearest, and linear in one or two directions.</summary>
internal sealed class UpsampleLayer() : UnaryLayer<UpsampleSpec>("NetGen.UpsampleAttribute")
{
    protected override string TypeName(UpsampleSpec spec) => "Upsample";

    public override LayerSpec Read(LayerArguments arguments, string name)
    {
        string mode = arguments.Choice("mode", "nearest", "linear", "bilinear");
        (double Height, double Width)? factors = arguments.Factors("scaleFactor");
        return new UpsampleSpec(name, arguments.OptionalPair("size"), factors?.Height, factors?.Width,
            mode == "nearest" ? UpsampleMode.Nearest : UpsampleMode.Linear,
            arguments.OptionalBool("alignCorners"))
        {
            ModeName = mode,
        };
    }

    protected override TensorShape Infer(UpsampleSpec spec, TensorShape input, LayerContext context)
    {
        if (spec.ModeName == "bilinear")
            input = context.RequireFeatureMap(input);
        else if (spec.ModeName == "linear" || input.IsVector)
            input = context.RequireSequence(input);
        if (spec is { Mode: UpsampleMode.Nearest, AlignCorners: not null })
            context.ReportFixable(DiagnosticDescriptors.AlignCornersOfNearest, "alignCorners", ProblemFix.RemoveArgument, context.TypeName);
        if (spec.Size is null == spec.ScaleWidth is null)
        {
            context.Report(DiagnosticDescriptors.UpsampleSizeOrFactor, spec.Size is null ? null : "scaleFactor", context.TypeName,
                spec.Size is null ? "neither is" : "both are");
            return input.IsUnknown ? input : input.WithExtent(input.Channels, 0, 0);
        }
        if (input.IsUnknown)
            return input;
        int height = input.IsSequence ? 1 : Extent(input.Height, spec.Size?.Height, spec.ScaleHeight, "height", 0);
        int width = Extent(input.Width, spec.Size?.Width, spec.ScaleWidth, input.IsSequence ? "length" : "width", 1);
        return context.RequireCountable(input.WithExtent(input.Channels, height, width));

        int Extent(int extent, int? size, double? factor, string noun, int element)
        {
            string argument = size is null ? "scaleFactor" : "size";
            if (factor is double number)
            {
                // Written so that NaN fails too.
                if (!(number > 0) || double.IsInfinity(number))
                {
                    context.ReportElement(DiagnosticDescriptors.UpsampleFactor, argument, element, context.TypeName,
                        MessageText.Fraction((float)number));
                    return 0;
                }
                if (extent == 0)
                    return 0;
                double product = Math.Floor(extent * number);
                if (product < 1 || product > int.MaxValue)
                {
                    context.ReportElement(DiagnosticDescriptors.UpsampleExtent, argument, element, context.DisplayName, noun,
                        $"floor({MessageText.Number(extent)} · {MessageText.Fraction((float)number)}) = "
                            + $"{MessageText.Number(new System.Numerics.BigInteger(product))}", context.Source, input.InWords);
                    return 0;
                }
                return (int)product;
            }
            if (size >= 1)
                return size.Value;
            context.ReportElement(DiagnosticDescriptors.SizeBelowOne, argument, element, context.TypeName, $"output {noun}",
                MessageText.Number(size ?? 0));
            return 0;
        }
    }

    protected override string Title(UpsampleSpec spec, TensorShape input)
    {
        string size = spec.Size is Pair pair ? input.IsSequence ? Invariant.Text(pair.Width) : pair.ToString()
            : input.IsSequence || spec.ScaleHeight == spec.ScaleWidth ? "× " + MessageText.Fraction((float)spec.ScaleWidth!.Value)
            : $"× ({MessageText.Fraction((float)spec.ScaleHeight!.Value)}, {MessageText.Fraction((float)spec.ScaleWidth!.Value)})";
        return $"Upsample({size}, {spec.ModeName}{(spec.AlignCorners == true ? ", corners aligned" : "")})";
    }

    protected override Value Lower(UpsampleSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
    {
        ResampleAxis rows = Axis(layer.Input.Height, layer.Output.Height, layer.Input.IsSequence ? null : spec.ScaleHeight);
        ResampleAxis columns = Axis(layer.Input.Width, layer.Output.Width, spec.ScaleWidth);
        return rows.IsIdentity && columns.IsIdentity
            ? input
            : builder.Add(layer, new ResampleOp(rows, columns, IsGradient: false), [input]);

        ResampleAxis Axis(int size, int outputs, double? factor) => spec.Mode == UpsampleMode.Nearest
            ? ResampleAxis.Nearest(size, outputs, factor)
            : ResampleAxis.Linear(size, outputs, factor, spec.AlignCorners == true);
    }
}
