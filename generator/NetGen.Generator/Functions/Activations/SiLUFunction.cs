using static NetGen.Generator.Functions.ElementValue;

namespace NetGen.Generator.Functions.Activations;

/// <summary>x / (1 + e⁻ˣ).</summary>
internal sealed class SiLUFunction : ActivationFunction
{
    private static readonly ElementFunction s_function = new("SiLU",
        "x / (1 + e⁻ˣ); at −∞ the limit, 0.",
        (_, x) => Max(Decimal("-3e38"), x) * SigmoidFunction.Function.Of(x));

    private static readonly ElementFunction s_slope = new("SiLUSlope",
        "s + x s (1 − s) with s = 1 / (1 + e⁻ˣ): of s and 1 − s the larger is 1 / (1 + e^−|x|), "
            + "and the other e^−|x| times that, which does not cancel.",
        (code, x) =>
        {
            code.Comment("Beyond ±104 the slope is 0 or 1, infinity included.");
            code.Set(x, Min(104, Max(-104, x)));
            ElementValue e = code.Let("e", Exponential.Exp.Of(-Abs(x)));
            ElementValue larger = code.And("larger", 1 / (1 + e)), smaller = code.And("smaller", e * larger);
            return MultiplyAdd(x * larger, smaller, Select(x < Zero, smaller, larger));
        });

    public override ElementValue Apply(ElementValue x) => s_function.Of(x);

    public override ElementValue Derivative(ElementValue gradient, ElementValue saved) => gradient * s_slope.Of(saved);
}
