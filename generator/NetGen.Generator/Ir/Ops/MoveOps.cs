using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

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

    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
        => builder.Flow(node.Input, node, Reversed(ofInput: 0), gradient);

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
