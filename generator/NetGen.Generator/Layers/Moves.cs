using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers;

/// <summary>What layers share that move elements to other places.</summary>
internal static class Moves
{
    /// <summary>Appends a movement, and what makes the layer's output of its result.</summary>
    /// <param name="moved">The shape that the movement gives: of the input's rank where one of the two is a vector.</param>
    public static Value Lower(InferredLayer layer, Value input, MoveOp op, TensorShape moved, GraphBuilder builder)
    {
        if (op.KeepsPlaces && moved == input.Shape)
            return Drop(layer, input, builder);
        return moved == layer.Output ? builder.Add(layer, op, [input])
            : Drop(layer, builder.AddInner(layer, op, "Moved", "Moved", moved, [input]), builder);
    }

    /// <summary>Appends what gives a value the layer's output shape, from which it differs in dimensions of one element.</summary>
    public static Value Drop(InferredLayer layer, Value value, GraphBuilder builder)
    {
        if (value.Shape == layer.Output)
            return value;
        return value.Shape.IsVector || layer.Output.IsVector
            ? builder.Add(layer, new FlattenOp(ToImage: value.Shape.IsVector), [value])
            : builder.Add(layer, Between(value.Shape, layer.Output), [value]);
    }

    /// <summary>A shape without some of its dimensions; a vector of one element where none is left.</summary>
    /// <param name="axes">From 0.</param>
    public static TensorShape Without(TensorShape shape, IReadOnlyCollection<int> axes)
    {
        int[] left = [.. shape.Dimensions.Where((_, i) => !axes.Contains(i))];
        return left.Length == 0 ? TensorShape.Vector(1)
            : new TensorShape(left.ToEquatableArray()) { Axis = axes.Contains(0) ? null : shape.Axis };
    }

    /// <summary>A shape with other extents along some of its dimensions.</summary>
    public static TensorShape With(TensorShape shape, Func<int, int, int> extent)
        => new(shape.Dimensions.Select((size, axis) => extent(axis, size)).ToEquatableArray())
        {
            Axis = extent(0, shape.Dimensions[0]) == shape.Dimensions[0] ? shape.Axis : null,
        };

    /// <summary>Some elements of one dimension, in equal steps.</summary>
    public static MoveOp Slice(TensorShape input, int axis, int start, int step, int count) => MoveOp.Of(
        input.Dimensions.Select((extent, i) => i == axis ? new MoveLoop(count, i, step, i, 1) : new MoveLoop(extent, i, 1, i, 1)),
        input.Dimensions.Select((_, i) => i == axis ? start : 0), new int[input.Rank]);

    /// <summary>The dimensions in another order.</summary>
    /// <param name="order">Dimensions of the input, from 0, in the order that the output has them.</param>
    public static MoveOp Permute(TensorShape input, IReadOnlyList<int> order) => MoveOp.Of(
        order.Select((from, to) => new MoveLoop(input.Dimensions[from], from, 1, to, 1)), new int[input.Rank], new int[input.Rank]);

    /// <summary>
    /// Reads dimensions as PyTorch counts them, and reports those that are not there (NG1068) and those that stand twice (NG1090).
    /// </summary>
    /// <returns>From 0; null where something is wrong.</returns>
    public static IReadOnlyList<int>? RequireDistinct(
        IReadOnlyList<int> declared, string argument, string name, TensorShape input, LayerContext context)
    {
        var axes = new List<int>();
        foreach (int dim in declared)
        {
            int dimension = Reshape.Dimension(dim, input);
            if (!Reshape.RequireDimension(dimension, dim, argument, name, input, context, axes.Count))
                return null;
            if (axes.Contains(dimension - 1))
            {
                ReportList(declared, argument, name, $"name dimension {MessageText.Number(dimension)} twice", input, context, axes.Count);
                return null;
            }
            axes.Add(dimension - 1);
        }
        if (axes.Count > 0)
            return axes;
        ReportList(declared, argument, name, "name no dimension", input, context, element: null);
        return null;
    }

    /// <summary>Reports NG1090.</summary>
    public static void ReportList(IReadOnlyList<int> declared, string argument, string name, string reason, TensorShape input,
        LayerContext context, int? element)
        => context.ReportElement(DiagnosticDescriptors.DimensionList, argument, element, context.DisplayName, name, ListText(declared),
            reason, context.Source, input.InWords);

    public static string ListText(IEnumerable<int> numbers) => $"({string.Join(", ", numbers.Select(n => MessageText.Number(n)))})";

    /// <summary>From a shape to one that has the same dimensions but for those of one element.</summary>
    private static MoveOp Between(TensorShape from, TensorShape to)
    {
        int[] before = Long(from), behind = Long(to);
        return MoveOp.Of(before.Zip(behind, (a, b) => new MoveLoop(from.Dimensions[a], a, 1, b, 1)), new int[from.Rank], new int[to.Rank]);

        static int[] Long(TensorShape shape) => [.. Enumerable.Range(0, shape.Rank).Where(i => shape.Dimensions[i] > 1)];
    }
}
