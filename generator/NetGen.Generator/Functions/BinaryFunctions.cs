using NetGen.Generator.Specs;
using static NetGen.Generator.Functions.ElementValue;

namespace NetGen.Generator.Functions;

/// <summary>What the functions of two numbers compute, and their derivatives.</summary>
internal static class BinaryFunctions
{
    private static readonly ElementFunction s_maximum = new("Maximum", ["x", "y"],
        "The larger of two, and NaN where one is NaN, as in PyTorch's maximum.", null,
        (_, p) => Select(p[0] > p[1] | ~Equal(p[0], p[0]), p[0], p[1]));

    private static readonly ElementFunction s_minimum = new("Minimum", ["x", "y"],
        "The smaller of two, and NaN where one is NaN, as in PyTorch's minimum.", null,
        (_, p) => Select(p[0] < p[1] | ~Equal(p[0], p[0]), p[0], p[1]));

    public static ElementValue Apply(BinaryFunction function, ElementValue x, ElementValue y) => function switch
    {
        BinaryFunction.Add => x + y,
        BinaryFunction.Sub => x - y,
        BinaryFunction.Mul => x * y,
        BinaryFunction.Div => x / y,
        BinaryFunction.Maximum => s_maximum.Of(x, y),
        BinaryFunction.Minimum => s_minimum.Of(x, y),
        _ => throw new InvalidOperationException($"The function {function} has no definition."),
    };

    /// <summary>Zero wherever its operands are, so that elements that stand for nothing stay zero by themselves.</summary>
    public static bool KeepsZero(BinaryFunction function) => function != BinaryFunction.Div;

    /// <summary>Which of its operands the derivative with respect to one of them is computed from.</summary>
    /// <param name="ofSecond">The derivative is the one with respect to y.</param>
    public static (bool First, bool Second) Reads(BinaryFunction function, bool ofSecond) => function switch
    {
        BinaryFunction.Add or BinaryFunction.Sub => (false, false),
        BinaryFunction.Mul => (ofSecond, !ofSecond),
        BinaryFunction.Div => (ofSecond, true),
        _ => (true, true),
    };

    /// <summary>gradient · ∂f/∂x, or ∂f/∂y.</summary>
    /// <remarks>
    /// Equal operands share the gradient of a maximum or minimum in halves, as in PyTorch. Where the gradient is zero a quotient passes on
    /// zero, whatever its divisor: so elements that stand for nothing stay zero.
    /// </remarks>
    public static ElementValue Derivative(BinaryFunction function, bool ofSecond, ElementValue gradient, ElementValue x, ElementValue y)
    {
        return function switch
        {
            BinaryFunction.Add => gradient,
            BinaryFunction.Sub => ofSecond ? -gradient : gradient,
            BinaryFunction.Mul => gradient * (ofSecond ? x : y),
            BinaryFunction.Div => ZeroWhere(Equal(gradient, Zero), ofSecond ? -gradient * x / (y * y) : gradient / y),
            BinaryFunction.Maximum => UnlessLost(ofSecond ? y < x : x < y),
            BinaryFunction.Minimum => UnlessLost(ofSecond ? y > x : x > y),
            _ => throw new InvalidOperationException($"The function {function} has no derivative."),
        };

        ElementValue UnlessLost(ElementMask loses) => ZeroWhere(loses, Select(Equal(x, y), gradient * 0.5f, gradient));
    }
}
