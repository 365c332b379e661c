using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Ir;

/// <summary>
/// A loop over elements that move: one round is a step along a dimension of the input, and one along a dimension of the output.
/// </summary>
/// <param name="From">The input's dimension, from 0.</param>
/// <param name="To">The output's dimension, from 0.</param>
internal sealed record MoveLoop(int Extent, int From, int FromStep, int To, int ToStep);

/// <summary>
/// Elements in other places: those that the loops go through, each along its dimensions, move from where the input is to where the output
/// is; the output is zero where none arrives. Permutations, slices, reversals and pixel shuffles are such, and so are their gradients: the
/// same loops with the ends exchanged.
/// </summary>
/// <param name="Loops">Their order means nothing; loops of one round are left out.</param>
/// <param name="FromStart">Where the first element is in the input, by dimension.</param>
/// <param name="ToStart">Where it is in the output.</param>
/// <param name="GradientOf">For a gradient, which of the forward node's inputs it is of.</param>
internal sealed record MoveOp(EquatableArray<MoveLoop> Loops, EquatableArray<int> FromStart, EquatableArray<int> ToStart,
    int? GradientOf = null) : Op
{
    public override string Verb => GradientOf is int input ? GradientOp.InputGradientVerb(input) : base.Verb;

    /// <summary>How many elements move.</summary>
    public long Elements => Loops.Aggregate(1L, (product, loop) => product * loop.Extent);

    /// <summary>Every element that moves stays where it is.</summary>
    public bool KeepsPlaces => FromStart.Equals(ToStart) && FromStart.All(start => start == 0)
        && Loops.All(loop => loop is { FromStep: 1, ToStep: 1 } && loop.From == loop.To);

    /// <summary>
    /// Where the output begins in the input's first dimension, if it is a stretch of it and has all else of the input; null if it is not.
    /// </summary>
    public int? StretchOfFirst(TensorShape input, TensorShape output)
        => Elements == output.Size && input.Dimensions.Skip(1).SequenceEqual(output.Dimensions.Skip(1))
            && FromStart.Skip(1).Concat(ToStart).All(start => start == 0)
            && Loops.All(loop => loop is { FromStep: 1, ToStep: 1 } && loop.From == loop.To) ? FromStart[0] : null;

    /// <summary>What moves within each position, where all positions stay where they are.</summary>
    public MoveOp OfPosition => new(
        Loops.Where(loop => loop.From != 0)
            .Select(loop => new MoveLoop(loop.Extent, loop.From - 1, loop.FromStep, loop.To - 1, loop.ToStep)).ToEquatableArray(),
        FromStart.Skip(1).ToEquatableArray(), ToStart.Skip(1).ToEquatableArray(), GradientOf);

    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
        => builder.Flow(node.Input, node, Reversed(ofInput: 0), gradient);

    /// <summary>Positions that all stay in their order, or the last of them.</summary>
    public override string? ToSteps(IStreamBuilder builder, Node node)
    {
        Positions positions = builder.PositionsOf(node.Input)!;
        TensorShape output = node.Output!.Shape;
        MoveLoop[] along = [.. Loops.Where(loop => loop.From == positions.Axis)];
        int first = FromStart[positions.Axis];
        if (along.Length == 0 && first == positions.Count - 1)
        {
            // What is left of the dimension has one element.
            bool[] isMoved = [.. Enumerable.Range(0, output.Rank).Select(to => Loops.Any(loop => loop.To == to))];
            int axis = Enumerable.Range(0, output.Rank).Where(to => output.Dimensions[to] == 1 && !isMoved[to])
                .OrderBy(to => to == positions.Axis ? 0 : 1).DefaultIfEmpty(-1).First();
            return StreamOthers(builder, node, positions.Axis, axis < 0 ? null : new Positions(axis, 1, IsLast: true));
        }
        if (along.Length == 0)
        {
            return $"takes position {MessageText.Number(first)} of {MessageText.Number(positions.Count)}, and a stream can only have the last";
        }
        MoveLoop whole = along[0];
        return along.Length == 1 && whole is { FromStep: 1, ToStep: 1 } && whole.Extent == positions.Count && ToStart[whole.To] == 0
            && output.Dimensions[whole.To] == positions.Count && Loops.Count(loop => loop.To == whole.To) == 1
            ? StreamOthers(builder, node, positions.Axis, positions with { Axis = whole.To })
            : "moves positions to others, or takes some of them";
    }

    /// <summary>What moves within a position.</summary>
    /// <param name="from">The input's dimension of positions.</param>
    /// <param name="positions">Of the output; null where its dimension is gone.</param>
    private string? StreamOthers(IStreamBuilder builder, Node node, int from, Positions? positions)
    {
        int to = positions?.Axis ?? int.MaxValue;
        TensorShape output = positions is null ? node.Output!.Shape : StreamSteps.At(node.Output!.Shape, to);
        MoveOp op = Of(
            Loops.Where(loop => loop.From != from).Select(loop => loop with
            {
                From = loop.From > from ? loop.From - 1 : loop.From,
                To = loop.To > to ? loop.To - 1 : loop.To,
            }),
            Without(FromStart, from), Without(ToStart, to));
        Value step = builder.StepOf(node.Input);
        if (op.KeepsPlaces && step.Shape == output && op.Elements == output.Size)
            builder.Pass(node.Output!, step, positions);
        else
            builder.Add(node, op, positions, output);
        return null;
    }

    private static IEnumerable<int> Without(EquatableArray<int> starts, int axis)
    {
        int[] left = [.. starts.Where((_, i) => i != axis)];
        return left.Length == 0 ? [0] : left;
    }

    /// <summary>The way back, for the gradient of a node's input.</summary>
    public MoveOp Reversed(int ofInput) => new(
        Loops.Select(loop => new MoveLoop(loop.Extent, loop.To, loop.ToStep, loop.From, loop.FromStep)).ToEquatableArray(),
        ToStart, FromStart, ofInput);

    /// <summary>A value as a stretch of one dimension of another.</summary>
    /// <param name="start">Where the stretch begins there.</param>
    public static MoveOp Into(TensorShape part, int axis, int start) => Of(
        part.Dimensions.Select((extent, i) => new MoveLoop(extent, i, 1, i, 1)), new int[part.Rank],
        part.Dimensions.Select((_, i) => i == axis ? start : 0));

    /// <summary>The movement without the loops of one round.</summary>
    public static MoveOp Of(IEnumerable<MoveLoop> loops, IEnumerable<int> fromStart, IEnumerable<int> toStart)
        => new(loops.Where(loop => loop.Extent > 1).ToEquatableArray(), fromStart.ToEquatableArray(), toStart.ToEquatableArray());
}
