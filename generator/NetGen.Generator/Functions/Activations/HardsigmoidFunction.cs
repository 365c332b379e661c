using static NetGen.Generator.Functions.ElementValue;

namespace NetGen.Generator.Functions.Activations;

/// <summary>min(max(x + 3, 0), 6) / 6.</summary>
internal sealed class HardsigmoidFunction : ActivationFunction
{
    private static ElementValue Sixth => Decimal("0.16666667");

    public override ElementValue Apply(ElementValue x) => Min(6, Max(Zero, x + 3)) * Sixth;

    public override ElementValue Derivative(ElementValue gradient, ElementValue saved)
        => Select(3 > Abs(saved), gradient, Zero) * Sixth;
}
