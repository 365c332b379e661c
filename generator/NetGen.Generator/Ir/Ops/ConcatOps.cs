namespace NetGen.Generator.Ir;

/// <summary>Values one behind the other along a dimension.</summary>
/// <param name="Axis">Which of a sample's dimensions, from 0.</param>
internal sealed record ConcatOp(int Axis) : Op
{
    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
    {
        int start = 0;
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            Value operand = node.Inputs[i];
            builder.Flow(operand, node, new SliceOp(Axis, start, Operand: i), gradient);
            start += operand.Shape.Dimensions[Axis];
        }
    }
}

/// <summary>
/// What one operand of a concatenation gets of its gradient: the stretch of a dimension that begins at <paramref name="Start"/>.
/// </summary>
/// <param name="Axis">Which of a sample's dimensions, from 0.</param>
/// <param name="Operand">Which of the operands it is for, from 0.</param>
internal sealed record SliceOp(int Axis, int Start, int Operand) : GradientOp
{
    public override string Verb => InputGradientVerb(Operand);
}
