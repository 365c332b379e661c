using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.TransposeLayer))]

namespace NetGen.Generator.Layers;

/// <summary>PyTorch's <c>transpose</c>.</summary>
internal sealed record TransposeSpec(string Name, int Dim0, int Dim1) : LayerSpec(Name);

/// <summary>Two dimensions exchanged.</summary>
internal sealed class TransposeLayer() : UnaryLayer<TransposeSpec>("NetGen.TransposeAttribute")
{
    protected override string TypeName(TransposeSpec spec) => "Transpose";

    public override LayerSpec Read(LayerArguments arguments, string name)
        => new TransposeSpec(name, arguments.Int("dim0"), arguments.Int("dim1"));

    protected override TensorShape Infer(TransposeSpec spec, TensorShape input, LayerContext context)
    {
        if (input.IsUnknown)
            return TensorShape.Unknown;
        bool valid = Reshape.RequireDimension(Reshape.Dimension(spec.Dim0, input), spec.Dim0, "dim0", "dim0", input, context)
            & Reshape.RequireDimension(Reshape.Dimension(spec.Dim1, input), spec.Dim1, "dim1", "dim1", input, context);
        return valid ? new TensorShape(Order(spec, input).Select(axis => input.Dimensions[axis]).ToEquatableArray()) : TensorShape.Unknown;
    }

    protected override string Title(TransposeSpec spec, TensorShape input)
        => $"Transpose({Invariant.Text(spec.Dim0)}, {Invariant.Text(spec.Dim1)})";

    protected override Value Lower(TransposeSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => Moves.Lower(layer, input, Moves.Permute(layer.Input, Order(spec, layer.Input)), layer.Output, builder);

    private static int[] Order(TransposeSpec spec, TensorShape input)
    {
        int first = Reshape.Dimension(spec.Dim0, input) - 1, second = Reshape.Dimension(spec.Dim1, input) - 1;
        return [.. Enumerable.Range(0, input.Rank).Select(axis => axis == first ? second : axis == second ? first : axis)];
    }
}
