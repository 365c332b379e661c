using static NetGen.Generator.Functions.ElementValue;

namespace NetGen.Generator.Functions.Activations;

/// <summary>x Φ(x), with Φ(x) = ½(1 + erf(x / √2)).</summary>
internal sealed class GELUFunction : ActivationFunction
{
    private static readonly ElementFunction s_slope = new("GeluSlope",
        "x φ(x), with the density φ(x) = e^(−x²/2) / √(2π).",
        (_, x) => x * Decimal("0.39894228") * Exponential.Exp.Of(-0.5f * x * x));

    public override ElementValue Apply(ElementValue x) => 0.5f * x * (1 + ErfOf(x));

    /// <summary>Φ(x) + x φ(x). At ±15 the density is zero; infinity must not meet it.</summary>
    public override ElementValue Derivative(ElementValue gradient, ElementValue saved)
        => gradient * (0.5f * (1 + ErfOf(saved)) + s_slope.Of(Min(15, Max(-15, saved))));

    private static ElementValue ErfOf(ElementValue x) => ErrorFunction.Erf.Of(x * Decimal("0.70710678"));
}
