using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.SqueezeLayer))]
[assembly: Kind(typeof(NetGen.Generator.Layers.UnsqueezeLayer))]

namespace NetGen.Generator.Layers;

/// <summary>PyTorch's <c>squeeze</c>.</summary>
internal sealed record SqueezeSpec(string Name, int Dim) : LayerSpec(Name);

/// <summary>PyTorch's <c>unsqueeze</c>.</summary>
internal sealed record UnsqueezeSpec(string Name, int Dim) : LayerSpec(Name);

/// <summary>Leaves out a dimension of one element.</summary>
internal sealed class SqueezeLayer() : UnaryLayer<SqueezeSpec>("NetGen.SqueezeAttribute")
{
    protected override string TypeName(SqueezeSpec spec) => "Squeeze";

    public override LayerSpec Read(LayerArguments arguments, string name) => new SqueezeSpec(name, arguments.Int("dim"));

    protected override TensorShape Infer(SqueezeSpec spec, TensorShape input, LayerContext context)
    {
        if (input.IsUnknown)
            return TensorShape.Unknown;
        int dimension = Reshape.Dimension(spec.Dim, input);
        if (!Reshape.RequireDimension(dimension, spec.Dim, "dim", "dim", input, context))
            return TensorShape.Unknown;
        int size = input.Dimensions[dimension - 1];
        if (size > 1 || input.IsVector)
        {
            string reason = input.IsVector ? "and a sample has at least one dimension" : $"but it has {MessageText.Number(size)}";
            context.Report(DiagnosticDescriptors.NotOneElement, "dim", context.DisplayName, MessageText.Number(dimension), reason,
                context.Source, input.InWords);
        }
        return Moves.Without(input, [dimension - 1]);
    }

    protected override string Title(SqueezeSpec spec, TensorShape input) => $"Squeeze({Invariant.Text(spec.Dim)})";

    protected override Value Lower(SqueezeSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => Moves.Drop(layer, input, builder);
}

/// <summary>A further dimension of one element.</summary>
internal sealed class UnsqueezeLayer() : UnaryLayer<UnsqueezeSpec>("NetGen.UnsqueezeAttribute")
{
    protected override string TypeName(UnsqueezeSpec spec) => "Unsqueeze";

    public override LayerSpec Read(LayerArguments arguments, string name) => new UnsqueezeSpec(name, arguments.Int("dim"));

    protected override TensorShape Infer(UnsqueezeSpec spec, TensorShape input, LayerContext context)
    {
        if (input.IsUnknown)
            return TensorShape.Unknown;
        // PyTorch counts the dimensions of the result.
        int dimension = spec.Dim < 0 ? spec.Dim + input.Rank + 2 : spec.Dim;
        if (!Reshape.RequireDimension(dimension, spec.Dim, "dim", "dim", input, context, rank: input.Rank + 1))
            return TensorShape.Unknown;
        if (input.IsImage)
        {
            context.Report(DiagnosticDescriptors.TooManyDimensions, null, context.DisplayName, context.Source, input.InWords);
            return TensorShape.Unknown;
        }
        return new TensorShape(
            input.Dimensions.Take(dimension - 1).Append(1).Concat(input.Dimensions.Skip(dimension - 1)).ToEquatableArray());
    }

    protected override string Title(UnsqueezeSpec spec, TensorShape input) => $"Unsqueeze({Invariant.Text(spec.Dim)})";

    protected override Value Lower(UnsqueezeSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => Moves.Drop(layer, input, builder);
}
