using NetGen.Generator.Functions;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Ir;

/// <summary>
/// A function of two values, element by element, with PyTorch's broadcasting of values of one rank: along a dimension where one has extent
/// 1, its one element meets all of the other's. Inputs: x, y.
/// </summary>
internal sealed record BinaryOp(BinaryFunction Function) : Op, IElementwise
{
    public bool KeepsZero => BinaryFunctions.KeepsZero(Function);

    public ElementValue Apply(ElementCode code, IReadOnlyList<ElementValue> operands)
        => BinaryFunctions.Apply(Function, operands[0], operands[1]);

    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
    {
        for (int i = 0; i < 2; i++)
        {
            Value operand = node.Inputs[i];
            (bool first, bool second) = BinaryFunctions.Reads(Function, ofSecond: i == 1);
            List<Value> inputs = [gradient];
            if (first)
                inputs.Add(node.Inputs[0]);
            if (second)
                inputs.Add(node.Inputs[1]);
            if (Function == BinaryFunction.Add && operand.Shape == gradient.Shape)
                builder.Accumulate(operand, gradient, node);
            else
                builder.Flow(operand, node, new BinaryGradientOp(Function, IsOfSecond: i == 1), [.. inputs]);
        }
    }

    public override string? ToSteps(IStreamBuilder builder, Node node) => builder.AtEach(node);
}

/// <summary>
/// The gradient of one operand, summed along the dimensions where it was repeated. Inputs: the result's gradient, then those operands that
/// <see cref="BinaryFunctions.Reads"/> says.
/// </summary>
internal sealed record BinaryGradientOp(BinaryFunction Function, bool IsOfSecond) : GradientOp, IElementwise
{
    public override string Verb => InputGradientVerb(IsOfSecond ? 1 : 0);

    /// <summary>Where the gradient is zero.</summary>
    public bool KeepsZero => true;

    /// <summary>What is summed where the operand was repeated.</summary>
    public ElementValue Apply(ElementCode code, IReadOnlyList<ElementValue> operands)
    {
        (bool first, bool second) = BinaryFunctions.Reads(Function, IsOfSecond);
        ElementValue none = ElementValue.Zero;
        return BinaryFunctions.Derivative(
            Function, IsOfSecond, operands[0], first ? operands[1] : none, second ? operands[operands.Count - 1] : none);
    }
}
