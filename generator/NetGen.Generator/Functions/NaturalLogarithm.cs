using static NetGen.Generator.Functions.ElementValue;

namespace NetGen.Generator.Functions;

/// <summary>The natural logarithm.</summary>
internal static class NaturalLogarithm
{
    private const string Arithmetic = "1 + f from √½ to √2; ln(1 + f) = f − f²/2 + f³ p(f) with a minimax polynomial of degree 7, to 6e-9.";

    public static ElementFunction Log { get; } = new("Log",
        "ln x to about 2 ulp: −∞ at zero, NaN below, ∞ at ∞.", "x = 2ⁿ (1 + f) with " + Arithmetic, DefineLog);

    public static ElementFunction Log1p { get; } = new("Log1p",
        "ln(1 + x) to about 2 ulp, for x from 0 to 1.", "1 + x = 2ᵏ (1 + f) with " + Arithmetic,
        (code, x) =>
        {
            ElementMask halved = code.Let("halved", x > Decimal("0.41421356"));
            ElementValue f = code.Let("f", Select(halved, 0.5f * x - 0.5f, x)), square = code.And("square", f * f);
            ElementValue p = Polynomial(code, f);
            ElementValue logarithm = code.Let("logarithm", MultiplyAdd(square, MultiplyAdd(p, f, -0.5f), f));
            return logarithm + ZeroUnless(halved, Decimal("0.69314718"));
        });

    private static ElementValue DefineLog(ElementCode code, ElementValue x)
    {
        code.Comment("Numbers below the normal ones are lifted by 2²³ first.");
        ElementMask tiny = code.Let("tiny", x < Decimal("1.17549435e-38"));
        ElementBits bits = code.Let("bits", ElementBits.Of(Select(tiny, x * 8388608, x)));
        ElementBits exponent = code.Let("exponent", (bits - 0x3F3504F3) >> ElementBits.Fraction);
        ElementValue f = code.Let("f", (bits - (exponent << ElementBits.Fraction)).AsNumber() - 1), square = code.And("square", f * f);
        ElementValue n = code.Let("n", exponent.ToNumber() - ZeroUnless(tiny, 23));
        ElementValue p = Polynomial(code, f);
        code.Comment("n ln 2 in two parts, so that the larger is exact.");
        ElementValue small = code.Let("small", MultiplyAdd(n, Decimal("-2.12194440e-4"), square * MultiplyAdd(p, f, -0.5f)));
        ElementValue logarithm = code.Let("logarithm", MultiplyAdd(n, Decimal("0.693359375"), Group(small + f)));
        ElementValue edge = code.Let("edge", Select(Equal(x, Zero), float.NegativeInfinity, Select(x > Zero, x, float.NaN)));
        return Select(x > Zero & x < float.PositiveInfinity, logarithm, edge);
    }

    private static ElementValue Polynomial(ElementCode code, ElementValue f) => code.Polynomial("p", f,
        "-7.88629353e-2", "1.291878521e-1", "-1.313568056e-1", "1.417642236e-1",
        "-1.66234374e-1", "2.000246495e-1", "-2.500084341e-1", "3.333331347e-1");
}
