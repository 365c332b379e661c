using static NetGen.Generator.Functions.ElementValue;

namespace NetGen.Generator.Functions;

/// <summary>The exponential function, and how others come to a power of e.</summary>
internal static class Exponential
{
    public static ElementFunction Exp { get; } = new("Exp",
        "eˣ to about 2 ulp, by gradual underflow to 0 at −∞; inputs above 45 give the value there.",
        "x = n ln 2 + r with |r| at most ½ ln 2; a polynomial of degree 6 in r, scaled through the exponent's bits by 2ⁿ⁺⁶², "
            + "which is a normal number, and by 2⁻⁶².",
        (code, x) => Power(code, x, "-104", "45", 62) * Decimal("2.168404345e-19"));

    /// <summary>For results of any size; the other takes those that a caller divides by, and is more exact.</summary>
    public static ElementFunction Whole { get; } = new("WholeExp",
        "eˣ to about 4 ulp, by gradual underflow to 0 at −∞, and ∞ where it is beyond the largest number.",
        "The square of e^(x/2), which is a normal number wherever eˣ is one: x/2 = n ln 2 + r with |r| at most ½ ln 2; a polynomial of "
            + "degree 6 in r, scaled through the exponent's bits by 2ⁿ.",
        (code, x) =>
        {
            code.Set(x, x * Decimal("0.5"));
            ElementValue root = Power(code, x, "-53", "45", 0);
            return root * root;
        });

    public static ElementFunction Expm1 { get; } = new("Expm1",
        "eˣ − 1 to about 2 ulp; inputs below −87.3 and above 88.3 give the value there.",
        "x = n ln 2 + r with |r| at most ½ ln 2; with q = eʳ − 1 from its series, 2ⁿ q + (2ⁿ − 1), which is q itself near zero.",
        (code, x) =>
        {
            (ElementValue shifted, ElementValue r) = Reduce(code, x, "-87.3", "88.3", 0);
            ElementValue p = code.Polynomial("p", r,
                "1.98412698e-4", "1.38888889e-3", "8.33333333e-3", "4.16666667e-2", "1.66666667e-1", "0.5");
            ElementValue q = code.Let("q", MultiplyAdd(p * r, r, r));
            ElementValue scale = code.Let("scale", ((ElementBits.Of(shifted) << ElementBits.Fraction) + ElementBits.Of(1)).AsNumber());
            return MultiplyAdd(scale, q, scale - 1);
        });

    /// <summary>eˣ · 2^bias within the bounds, between which that is a normal number; beyond them the value there.</summary>
    public static ElementValue Power(ElementCode code, ElementValue x, string lowest, string highest, int bias)
    {
        (ElementValue shifted, ElementValue r) = Reduce(code, x, lowest, highest, bias);
        ElementValue p = code.Polynomial("p", r,
            "1.38888889e-3", "8.33333333e-3", "4.16666667e-2", "1.66666667e-1", "0.5", "1", "1");
        return code.Let("power", (ElementBits.Of(p) + (ElementBits.Of(shifted) << ElementBits.Fraction)).AsNumber());
    }

    /// <summary>x = n ln 2 + r, with n + bias in the low bits of shifted.</summary>
    private static (ElementValue Shifted, ElementValue R) Reduce(ElementCode code, ElementValue x, string lowest, string highest, int bias)
    {
        code.Set(x, Min(Decimal(highest), Max(Decimal(lowest), x)));
        // Adding 1.5 · 2²³ rounds to the nearest integer, and leaves it in the low bits.
        ElementValue toInteger = 12582912 + bias;
        ElementValue shifted = code.Let("shifted", MultiplyAdd(x, Decimal("1.44269504"), toInteger));
        ElementValue n = code.And("n", shifted - toInteger);
        ElementValue r = code.Let("r", MultiplyAdd(n, Decimal("-0.693145752"), x));
        code.Set(r, MultiplyAdd(n, Decimal("-1.42860677e-6"), r));
        return (shifted, r);
    }
}
