using System.Numerics;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.UnflattenLayer))]

namespace NetGen.Generator.Layers;

/// <summary>One dimension of a sample divided into several, e.g. a vector into channels, rows and columns.</summary>
internal sealed class UnflattenLayer() : UnaryLayer<UnflattenSpec>("NetGen.UnflattenAttribute")
{
    protected override string TypeName(UnflattenSpec spec) => "Unflatten";

    public override LayerSpec Read(LayerArguments arguments, string name)
        => new UnflattenSpec(name, arguments.Int("dim"), arguments.Ints("unflattenedSize"));

    protected override TensorShape Infer(UnflattenSpec spec, TensorShape input, LayerContext context)
    {
        if (input.IsUnknown)
            return TensorShape.Unknown;
        int dim = Reshape.Dimension(spec.Dim, input);
        bool valid = Reshape.RequireDimension(dim, spec.Dim, "dim", "dim", input, context);
        int open = spec.Sizes.Count(size => size == -1);
        if (spec.Sizes.Count == 0 || open > 1 || spec.Sizes.Any(size => size < 1 && size != -1))
        {
            context.Report(DiagnosticDescriptors.UnflattenedSize, "unflattenedSize", context.DisplayName, Text(spec.Sizes),
                "must be sizes of at least 1, one of which may be −1 to follow from the others");
            valid = false;
        }
        if (!valid)
            return TensorShape.Unknown;

        int rank = input.Rank - 1 + spec.Sizes.Count;
        if (rank > 3)
        {
            context.Report(DiagnosticDescriptors.UnflattenedSize, "unflattenedSize", context.DisplayName, Text(spec.Sizes),
                $"makes {MessageText.Number(rank)} dimensions of {input.InWords}, and a sample has at most 3 (channels, height, width)");
            return TensorShape.Unknown;
        }
        int size = input.Dimensions[dim - 1];
        BigInteger product = spec.Sizes.Where(s => s != -1).Aggregate(BigInteger.One, (p, s) => p * s);
        string arithmetic = string.Join(" · ", spec.Sizes.Where(s => s != -1).Select(s => MessageText.Number(s)))
            + (spec.Sizes.Count - open > 1 ? $" = {MessageText.Number(product)}" : "");
        if (size != 0 && (open == 1 ? size % product != 0 : size != product))
        {
            context.Report(DiagnosticDescriptors.UnflattenedSize, "unflattenedSize", context.DisplayName, Text(spec.Sizes),
                $"{(open == 1 ? "does not divide" : "does not multiply to")} dimension {MessageText.Number(dim)}, "
                    + $"{MessageText.Number(size)} ({context.Source} gives {input.InWords}): {arithmetic}");
            return TensorShape.Unknown;
        }
        int rest = size == 0 ? 0 : (int)(size / product);
        return new TensorShape(
            input.Dimensions.Take(dim - 1).Concat(spec.Sizes.Select(s => s == -1 ? rest : s)).Concat(input.Dimensions.Skip(dim))
            .ToEquatableArray());
    }

    protected override string Title(UnflattenSpec spec, TensorShape input) => $"Unflatten({Invariant.Text(spec.Dim)}, {Text(spec.Sizes)})";

    protected override Value Lower(UnflattenSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => Reshape.Lower(layer, input, builder);

    private static string Text(IEnumerable<int> sizes) => $"({string.Join(", ", sizes.Select(size => MessageText.Number(size)))})";
}
