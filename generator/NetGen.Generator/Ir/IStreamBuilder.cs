using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Ir;

/// <summary>The positions that a value has, of a sequence whose positions come one after another.</summary>
/// <param name="Axis">Which of a sample's dimensions they lie along, from 0.</param>
/// <param name="Count">How many the value has: the sequence's length, and of what is there for the last position alone 1.</param>
/// <param name="IsLast">It is of the last position alone, and so of the sequence as far as it goes.</param>
internal sealed record Positions(int Axis, int Count, bool IsLast = false);

/// <summary>
/// Appends what <see cref="Op.ToSteps"/> asks for to the graph of a stream. There a sample is one position, so that the dimension of the
/// positions is missing: (positions, features) and (channels, positions) are vectors.
/// </summary>
internal interface IStreamBuilder
{
    /// <summary>Along what a value of the network has positions; null where it has none.</summary>
    Positions? PositionsOf(Value value);

    /// <summary>What the stream has in the place of a value of the network.</summary>
    Value StepOf(Value value);

    /// <summary>Says that a node's result is, at each position, a value that the stream has already.</summary>
    /// <param name="positions">Of the result.</param>
    void Pass(Value output, Value step, Positions? positions);

    /// <summary>Appends a node in the place of one of the network, with its tensors.</summary>
    /// <param name="op">What it computes of a position.</param>
    /// <param name="positions">Of its results.</param>
    /// <param name="shapes">Of its results at one position.</param>
    void Add(Node node, Op op, Positions? positions, params TensorShape[] shapes);
}

/// <summary>What ops say of themselves in a stream.</summary>
internal static class StreamSteps
{
    /// <summary>A shape at one position; what has no other dimension is a vector of one element.</summary>
    public static TensorShape At(TensorShape shape, int axis)
    {
        int[] left = [.. shape.Dimensions.Where((_, i) => i != axis)];
        TensorShape step = left.Length == 0 ? TensorShape.Vector(1) : new TensorShape(left.ToEquatableArray());
        return step with { Elements = shape.Elements };
    }

    /// <summary>What is computed at each position from that position alone, by the same op.</summary>
    public static string? AtEach(this IStreamBuilder builder, Node node, Op? op = null)
    {
        Positions positions = builder.PositionsOf(node.Input)!;
        if (node.Inputs.Exists(input => builder.PositionsOf(input) != positions))
            return "joins values whose positions lie along different dimensions";
        builder.Add(node, op ?? node.Op, positions, [.. node.Outputs.Select(output => At(output.Shape, positions.Axis))]);
        return null;
    }

    /// <summary>The same where the position's elements are the last dimension of (positions, features).</summary>
    /// <param name="otherwise">Why it is not causal where positions lie along the last dimension.</param>
    public static string? AtEachRow(this IStreamBuilder builder, Node node, Op? op, string otherwise)
        => node.Input.Shape.Rank == 2 && builder.PositionsOf(node.Input) is { Axis: 0 } ? builder.AtEach(node, op) : otherwise;

    /// <summary>Where a dimension is in the shape at one position.</summary>
    public static int Behind(int axis, Positions positions) => axis > positions.Axis ? axis - 1 : axis;
}
