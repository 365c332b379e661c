using static NetGen.Generator.Functions.ElementValue;

namespace NetGen.Generator.Functions.Activations;

/// <summary>½x(1 + tanh(√(2/π)·(x + 0.044715·x³))).</summary>
internal sealed class GELUTanhFunction : ActivationFunction
{
    private static readonly ElementFunction s_derivative = new("GeluTanhDerivative", ["x", "t"],
        "½(1 + t) + ½x(1 − t²)·√(2/π)·(1 + 3·0.044715·x²), with t = tanh(√(2/π)·(x + 0.044715·x³)).", null,
        (code, parameters) =>
        {
            ElementValue x = parameters[0], t = parameters[1];
            ElementValue one = code.Let("one", (ElementValue)1), half = code.And("half", 0.5f);
            return half * (one + t) + half * x * (one - t * t) * RootOfTwoOverPi * (one + Decimal("0.134145") * x * x);
        });

    private static ElementValue RootOfTwoOverPi => Decimal("0.79788456");

    public override ElementValue Apply(ElementValue x) => 0.5f * x * (1 + InnerTanh(x));

    /// <summary>At ±15 the tanh has long been ±1; the squares of numbers far beyond would be infinite.</summary>
    public override ElementValue Derivative(ElementValue gradient, ElementValue saved)
        => gradient * s_derivative.Of(Min(15, Max(-15, saved)), InnerTanh(saved));

    private static ElementValue InnerTanh(ElementValue x)
        => TanhFunction.Function.Of(RootOfTwoOverPi * (x + Decimal("0.044715") * x * x * x));
}
