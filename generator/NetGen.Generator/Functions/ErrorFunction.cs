using static NetGen.Generator.Functions.ElementValue;

namespace NetGen.Generator.Functions;

/// <summary>The error function, erf.</summary>
internal static class ErrorFunction
{
    public static ElementFunction Erf { get; } = new("Erf",
        "The error function, to about 1e-7: 1 − t·p(t)·e^(−x²) with t = 1 / (1 + 0.3275911 |x|), and x's sign.",
        "Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26; an odd series below ½, where it would cancel.",
        (code, x) =>
        {
            ElementValue magnitude = code.Let("magnitude", Abs(x)), square = code.And("square", x * x);
            ElementValue t = code.Let("t", 1 / MultiplyAdd(magnitude, Decimal("0.3275911"), 1));
            ElementValue p = code.Polynomial("p", t, "1.061405429", "-1.453152027", "1.421413741", "-0.284496736", "0.254829592");
            ElementValue large = code.Let("large", 1 - p * t * Exponential.Exp.Of(-square));
            code.Set(large, WithSignOf(x, large));
            // 2/√π Σ (−1)ⁿ x²ⁿ⁺¹ / (n! (2n + 1))
            ElementValue q = code.Polynomial("q", square,
                "-8.54832702e-4", "5.22397762e-3", "-2.68661706e-2", "1.12837917e-1", "-3.76126389e-1", "1.12837917");
            return Select(magnitude > 0.5f, large, q * x);
        });
}
