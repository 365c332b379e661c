using static NetGen.Generator.Functions.ElementValue;

namespace NetGen.Generator.Functions.Activations;

/// <summary>1 / (1 + e⁻ˣ).</summary>
internal sealed class SigmoidFunction : ActivationFunction
{
    public static ElementFunction Function { get; } = new("Sigmoid",
        "1 / (1 + e⁻ˣ), by gradual underflow to 0 at −∞.", "2⁻⁶⁴ / (2⁻⁶⁴ + 2⁻⁶⁴ e⁻ˣ), where nothing overflows.",
        (code, x) =>
        {
            code.Set(x, -x);
            ElementValue power = Exponential.Power(code, x, "-42", "110", -64);
            ElementValue one = code.Let("one", Decimal("5.421010862e-20"));
            return one / (one + power);
        });

    private static readonly ElementFunction s_sum = new("SigmoidSum", ["a", "b"],
        "1 / (1 + e⁻ᵃ) + 1 / (1 + e⁻ᵇ), with one division: (A + B) / AB. Sums below the normal numbers may be zero.",
        "e⁻ˣ = 2ⁿ 2ʳ with n + r = −x log₂ e and |r| at most ½: a polynomial of degree 5 in r, 1e-7, scaled through the exponent's bits. "
            + "A and B are 2⁻⁶³ of what they stand for, so that AB overflows only where the sum is below the normal numbers.",
        DefineSum);

    public override ElementValue Apply(ElementValue x) => Function.Of(x);

    public override ElementValue Sum(ElementValue a, ElementValue b) => s_sum.Of(a, b);

    public override ElementValue Derivative(ElementValue gradient, ElementValue saved) => gradient * saved * (1 - saved);

    private static ElementValue DefineSum(ElementCode code, ElementValue[] parameters)
    {
        ElementValue unit = Decimal("1.0842021725e-19");
        (ElementValue aShifted, ElementValue aRest) = Reduce(code, parameters[0], "a");
        (ElementValue bShifted, ElementValue bRest) = Reduce(code, parameters[1], "b");
        ElementValue a = Power(code, aShifted, aRest, unit, "aPower"), b = Power(code, bShifted, bRest, unit, "bPower");
        return (a + b) / (a * b) * unit;
    }

    private static (ElementValue Shifted, ElementValue Fraction) Reduce(ElementCode code, ElementValue x, string name)
    {
        // What stands for 1 + e⁻ˣ must stay finite; NaN passes.
        code.Set(x, Min(43, Max(Decimal("-88.73"), x)));
        ElementValue toInteger = 12582912 - 63, toPowersOfTwo = Decimal("-1.44269504");
        ElementValue shifted = code.Let(name + "Shifted", MultiplyAdd(x, toPowersOfTwo, toInteger));
        return (shifted, code.And(name + "Rest", MultiplyAdd(x, toPowersOfTwo, Group(toInteger - shifted))));
    }

    private static ElementValue Power(ElementCode code, ElementValue shifted, ElementValue rest, ElementValue unit, string name)
    {
        ElementValue power = code.Polynomial(name, rest,
            "1.32647296e-3", "9.67151299e-3", "5.55073358e-2", "2.40222424e-1", "6.93147004e-1", "1");
        code.Set(power, Group((ElementBits.Of(power) + (ElementBits.Of(shifted) << ElementBits.Fraction)).AsNumber() + unit));
        return power;
    }
}
