using static NetGen.Generator.Functions.ElementValue;

namespace NetGen.Generator.Functions.Activations;

/// <summary>x tanh(ln(1 + eˣ)).</summary>
internal sealed class MishFunction : ActivationFunction
{
    private static readonly ElementFunction s_function = new("Mish",
        "x tanh(ln(1 + eˣ)): with e = eˣ the tanh is n / (n + 2), n = e (e + 2), which does not cancel.",
        (code, x) =>
        {
            code.Comment("Above 20 the tanh is 1; −∞ must not meet its zero.");
            ElementValue e = code.Let("e", Exponential.Exp.Of(Min(20, x))), n = code.And("n", e * (e + 2));
            return Max(Decimal("-3e38"), x) * (n / (n + 2));
        });

    private static readonly ElementFunction s_slope = new("MishSlope",
        "t + x s (1 − t²) with t = tanh(ln(1 + eˣ)) and s = 1 / (1 + e⁻ˣ): n / (n + 2) + 4x e (e + 1) / (n + 2)², n = e (e + 2), e = eˣ.",
        (code, x) =>
        {
            code.Comment("Above 20 the slope is 1, below −104 it is 0.");
            code.Set(x, Min(20, Max(-104, x)));
            ElementValue e = code.Let("e", Exponential.Exp.Of(x)), n = code.And("n", e * (e + 2));
            ElementValue inverse = code.And("inverse", 1 / (n + 2));
            return inverse * MultiplyAdd(4 * x * e, (e + 1) * inverse, n);
        });

    public override ElementValue Apply(ElementValue x) => s_function.Of(x);

    public override ElementValue Derivative(ElementValue gradient, ElementValue saved) => gradient * s_slope.Of(saved);
}
