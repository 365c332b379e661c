using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.SelectLayer))]

namespace NetGen.Generator.Layers;

/// <summary>PyTorch's <c>select</c>.</summary>
internal sealed record SelectSpec(string Name, int Dim, int Index) : LayerSpec(Name);

/// <summary>One element of a dimension, which the result is without.</summary>
internal sealed class SelectLayer() : UnaryLayer<SelectSpec>("NetGen.SelectAttribute")
{
    /// <summary>The first position and the last are those that every sample has.</summary>
    public override bool TakesLengths(LayerSpec spec, int input) => spec is SelectSpec { Dim: 1 or -2, Index: 0 or -1 };

    protected override string TypeName(SelectSpec spec) => "Select";

    public override LayerSpec Read(LayerArguments arguments, string name)
        => new SelectSpec(name, arguments.Int("dim"), arguments.Int("index"));

    protected override TensorShape Infer(SelectSpec spec, TensorShape input, LayerContext context)
    {
        if (input.IsUnknown)
            return TensorShape.Unknown;
        int dimension = Reshape.Dimension(spec.Dim, input);
        if (!Reshape.RequireDimension(dimension, spec.Dim, "dim", "dim", input, context))
            return TensorShape.Unknown;
        int size = input.Dimensions[dimension - 1];
        if (size > 0 && (spec.Index >= size || spec.Index < -size))
        {
            context.Report(DiagnosticDescriptors.ElementsOutOfRange, "index", context.DisplayName,
                $"index {MessageText.Number(spec.Index)}",
                $"must lie between −{MessageText.Number(size)} and {MessageText.Number(size - 1)}: dimension "
                    + $"{MessageText.Number(dimension)} has {MessageText.Count(size, "element")}", context.Source, input.InWords);
        }
        return Moves.Without(input, [dimension - 1]);
    }

    protected override string Title(SelectSpec spec, TensorShape input)
        => $"Select({Invariant.Text(spec.Dim)}, {Invariant.Text(spec.Index)})";

    protected override Value Lower(SelectSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
    {
        if (layer.Input.HasLengths)
            return builder.Add(layer, new PickPositionOp(spec.Index < 0), [input]);
        int axis = Reshape.Dimension(spec.Dim, layer.Input) - 1;
        int index = spec.Index < 0 ? spec.Index + layer.Input.Dimensions[axis] : spec.Index;
        if (layer.Output.IsVector)
        {
            TensorShape kept = Moves.With(layer.Input, (i, extent) => i == axis ? 1 : extent);
            return Moves.Lower(layer, input, Moves.Slice(layer.Input, axis, index, 1, 1), kept, builder);
        }
        IReadOnlyList<int> extents = layer.Input.Dimensions;
        IEnumerable<int> rest = Enumerable.Range(0, extents.Count).Where(i => i != axis);
        MoveOp op = MoveOp.Of(rest.Select((from, to) => new MoveLoop(extents[from], from, 1, to, 1)),
            extents.Select((_, i) => i == axis ? index : 0), new int[layer.Output.Rank]);
        return Moves.Lower(layer, input, op, layer.Output, builder);
    }
}
