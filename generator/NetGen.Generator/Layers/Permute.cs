using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.PermuteLayer))]

namespace NetGen.Generator.Layers;

/// <summary>PyTorch's <c>permute</c>.</summary>
/// <param name="Dims">All dimensions of a sample, 1 being the first, in the order of the result.</param>
internal sealed record PermuteSpec(string Name, EquatableArray<int> Dims) : LayerSpec(Name);

/// <summary>The dimensions of a sample in another order.</summary>
internal sealed class PermuteLayer() : UnaryLayer<PermuteSpec>("NetGen.PermuteAttribute")
{
    protected override string TypeName(PermuteSpec spec) => "Permute";

    public override LayerSpec Read(LayerArguments arguments, string name) => new PermuteSpec(name, arguments.Ints("dims"));

    protected override TensorShape Infer(PermuteSpec spec, TensorShape input, LayerContext context)
    {
        if (input.IsUnknown || Moves.RequireDistinct(spec.Dims, "dims", "dims", input, context) is not { } order)
            return TensorShape.Unknown;
        if (order.Count == input.Rank)
            return new TensorShape(order.Select(axis => input.Dimensions[axis]).ToEquatableArray());
        string all = string.Join(", ", Enumerable.Range(1, input.Rank).Select(dim => MessageText.Number(dim)));
        Moves.ReportList(spec.Dims, "dims", "dims", $"must be all dimensions in some order: {all}", input, context, element: null);
        return TensorShape.Unknown;
    }

    protected override string Title(PermuteSpec spec, TensorShape input) => "Permute" + Moves.ListText(spec.Dims);

    protected override Value Lower(PermuteSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
    {
        int[] order = [.. spec.Dims.Select(dim => Reshape.Dimension(dim, layer.Input) - 1)];
        return Moves.Lower(layer, input, Moves.Permute(layer.Input, order), layer.Output, builder);
    }
}
