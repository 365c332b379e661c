using static NetGen.Generator.Functions.ElementValue;

namespace NetGen.Generator.Functions.Activations;

/// <summary>x · min(max(x + 3, 0), 6) / 6.</summary>
internal sealed class HardswishFunction : ActivationFunction
{
    private static readonly ElementFunction s_function = new("Hardswish",
        "x · min(max(x + 3, 0), 6) / 6.",
        (_, x) => x * (Min(6, Max(Zero, x + 3)) * Decimal("0.16666667")));

    private static readonly ElementFunction s_slope = new("HardswishSlope",
        "0 below −3, 1 above 3, x / 3 + ½ between, as in PyTorch at the bounds too.",
        (code, x) =>
        {
            ElementValue between = code.Let("between", Select(x > 3, 1, MultiplyAdd(x, Decimal("0.33333333"), 0.5f)));
            return Select(x < -3, Zero, between);
        });

    public override ElementValue Apply(ElementValue x) => s_function.Of(x);

    public override ElementValue Derivative(ElementValue gradient, ElementValue saved) => gradient * s_slope.Of(saved);
}
