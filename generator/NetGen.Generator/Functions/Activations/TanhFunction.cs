using static NetGen.Generator.Functions.ElementValue;

namespace NetGen.Generator.Functions.Activations;

/// <summary>The hyperbolic tangent.</summary>
internal sealed class TanhFunction : ActivationFunction
{
    public static ElementFunction Function { get; } = new("Tanh",
        "tanh x: an odd polynomial below ⅝, and 1 − 2 / (e²ˣ + 1) with x's sign above, where it does not cancel.",
        (code, x) =>
        {
            ElementValue magnitude = code.Let("magnitude", Abs(x)), square = code.And("square", x * x);
            // Minimax coefficients of (tanh x − x) / x³ in x² on [0, ⅝].
            ElementValue p = code.Polynomial("p", square,
                "-5.70498872745e-3", "2.06390887954e-2", "-5.37397155531e-2", "1.33314422036e-1", "-3.33332819422e-1");
            ElementValue small = code.Let("small", MultiplyAdd(p * square, x, x));
            // e²ˣ ends at e⁴⁵, where the result has been 1 for long.
            ElementValue large = code.Let("large", 1 - 2 / (Exponential.Exp.Of(magnitude + magnitude) + 1));
            code.Set(large, WithSignOf(x, large));
            return Select(magnitude > Decimal("0.625"), large, small);
        });

    public override ElementValue Apply(ElementValue x) => Function.Of(x);

    public override ElementValue Derivative(ElementValue gradient, ElementValue saved) => gradient * (1 - saved * saved);
}
