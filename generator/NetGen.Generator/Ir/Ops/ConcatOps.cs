
namespace NetGen.Generator.Ir;

/// <summary>Values one behind the other along a dimension.</summary>
/// <param name="Axis">Which of a sample's dimensions, from 0.</param>
/// <param name="IsGradient">The gradient of what was cut to pieces.</param>
internal sealed record ConcatOp(int Axis, bool IsGradient = false) : Op
{
    public override string Verb => IsGradient ? GradientOp.InputGradientVerb(0) : base.Verb;

    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
    {
        int start = 0;
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            Value operand = node.Inputs[i];
            builder.Flow(operand, node, MoveOp.Into(operand.Shape, Axis, start).Reversed(ofInput: i), gradient);
            start += operand.Shape.Dimensions[Axis];
        }
    }

    public override string? ToSteps(IStreamBuilder builder, Node node)
        => builder.PositionsOf(node.Input)! is var positions && positions.Axis == Axis
            ? "puts the positions of one value behind all those of another"
            : builder.AtEach(node, new ConcatOp(StreamSteps.Behind(Axis, positions)));
}
