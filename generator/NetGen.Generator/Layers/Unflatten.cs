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
        bool valid = Reshape.RequireDimension(dim, spec.Dim, "dim", "dim", input, context)
            & Reshape.RequireSizes(spec.Sizes, "unflattenedSize", context);
        if (!valid)
            return TensorShape.Unknown;

        int rank = input.Rank - 1 + spec.Sizes.Count;
        if (rank > 3)
        {
            Reshape.ReportSizes(spec.Sizes, "unflattenedSize", $"makes {MessageText.Number(rank)} dimensions of {input.InWords}, and "
                + "a sample has at most 3 (channels, height, width)", context);
            return TensorShape.Unknown;
        }
        int size = input.Dimensions[dim - 1];
        string whole = $"dimension {MessageText.Number(dim)}, {MessageText.Number(size)} ({context.Source} gives {input.InWords})";
        if (Reshape.Fit(spec.Sizes, "unflattenedSize", size, whole, context) is not { } sizes)
            return TensorShape.Unknown;
        return new TensorShape(input.Dimensions.Take(dim - 1).Concat(sizes).Concat(input.Dimensions.Skip(dim)).ToEquatableArray());
    }

    protected override string Title(UnflattenSpec spec, TensorShape input)
        => $"Unflatten({Invariant.Text(spec.Dim)}, {Moves.ListText(spec.Sizes)})";

    protected override Value Lower(UnflattenSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => Reshape.Lower(layer, input, builder);
}
