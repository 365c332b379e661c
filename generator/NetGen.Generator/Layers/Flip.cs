using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

[assembly: Kind(typeof(NetGen.Generator.Layers.FlipLayer))]

namespace NetGen.Generator.Layers;

/// <summary>PyTorch's <c>flip</c>.</summary>
internal sealed record FlipSpec(string Name, EquatableArray<int> Dims) : LayerSpec(Name);

/// <summary>The elements of some dimensions in reverse order.</summary>
internal sealed class FlipLayer() : UnaryLayer<FlipSpec>("NetGen.FlipAttribute")
{
    public override bool KeepsShape(LayerSpec spec) => true;

    protected override string TypeName(FlipSpec spec) => "Flip";

    public override LayerSpec Read(LayerArguments arguments, string name) => new FlipSpec(name, arguments.Ints("dims"));

    protected override TensorShape Infer(FlipSpec spec, TensorShape input, LayerContext context)
    {
        if (!input.IsUnknown)
            Moves.RequireDistinct(spec.Dims, "dims", "dims", input, context);
        return input;
    }

    protected override string Title(FlipSpec spec, TensorShape input) => "Flip" + Moves.ListText(spec.Dims);

    protected override Value Lower(FlipSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
    {
        int[] axes = [.. spec.Dims.Select(dim => Reshape.Dimension(dim, layer.Input) - 1)];
        IReadOnlyList<int> extents = layer.Input.Dimensions;
        MoveOp op = MoveOp.Of(extents.Select((extent, i) => new MoveLoop(extent, i, axes.Contains(i) ? -1 : 1, i, 1)),
            extents.Select((extent, i) => axes.Contains(i) ? extent - 1 : 0), new int[extents.Count]);
        return Moves.Lower(layer, input, op, layer.Output, builder);
    }
}
