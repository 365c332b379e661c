using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.ReshapeLayer))]

namespace NetGen.Generator.Layers;

/// <summary>PyTorch's <c>reshape</c>.</summary>
/// <param name="Shape">Sizes of a sample's dimensions, of which one may be −1.</param>
internal sealed record ReshapeSpec(string Name, EquatableArray<int> Shape) : LayerSpec(Name);

/// <summary>The elements of a sample in the same order under another shape.</summary>
internal sealed class ReshapeLayer() : UnaryLayer<ReshapeSpec>("NetGen.ReshapeAttribute")
{
    protected override string TypeName(ReshapeSpec spec) => "Reshape";

    public override LayerSpec Read(LayerArguments arguments, string name) => new ReshapeSpec(name, arguments.Ints("shape"));

    protected override TensorShape Infer(ReshapeSpec spec, TensorShape input, LayerContext context)
    {
        bool valid = Reshape.RequireSizes(spec.Shape, "shape", context);
        if (spec.Shape.Count > 3)
        {
            Reshape.ReportSizes(spec.Shape, "shape", $"has {MessageText.Number(spec.Shape.Count)} dimensions, and a sample has at most 3 "
                + "(channels, height, width)", context);
            valid = false;
        }
        if (!valid)
            return TensorShape.Unknown;
        string count = MessageText.Count(LayerContext.ElementCount(input), "element");
        string whole = $"the {count} of {input.InWords}, which {context.Source} gives";
        return Reshape.Fit(spec.Shape, "shape", input.IsUnknown ? 0 : input.Size, whole, context) is { } sizes
            ? new TensorShape(sizes.ToEquatableArray()) : TensorShape.Unknown;
    }

    protected override string Title(ReshapeSpec spec, TensorShape input) => "Reshape" + Moves.ListText(spec.Shape);

    protected override Value Lower(ReshapeSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => Reshape.Lower(layer, input, builder);
}
