using static NetGen.Generator.Functions.ElementValue;

namespace NetGen.Generator.Functions;

/// <summary>Sine and cosine, for functions of the user's: no layer of NetGen's own needs them.</summary>
internal static class Trigonometry
{
    private const string Accuracy = " to about 1e-7 for x from −8192 to 8192; farther out fewer digits are right, and it stays from −1 to 1.",
        Arithmetic = "x = n π/2 + r with |r| at most π/4, π/2 in three parts; the sine's or the cosine's polynomial in r, with the sign of n.";

    public static ElementFunction Sin { get; } = new("Sin", "sin x" + Accuracy, Arithmetic, (code, x) => Define(code, x, quarters: 0));

    public static ElementFunction Cos { get; } = new("Cos", "cos x" + Accuracy, Arithmetic, (code, x) => Define(code, x, quarters: 1));

    /// <summary>sin(x + quarters · π/2).</summary>
    private static ElementValue Define(ElementCode code, ElementValue x, int quarters)
    {
        // Adding 1.5 · 2²³ rounds to the nearest integer, and leaves it in the low bits.
        ElementValue toInteger = 12582912;
        ElementValue shifted = code.Let("shifted", MultiplyAdd(x, Decimal("0.636619772"), toInteger));
        ElementValue n = code.And("n", shifted - toInteger);
        ElementValue r = code.Let("r", MultiplyAdd(n, Decimal("-1.5703125"), x));
        code.Set(r, MultiplyAdd(n, Decimal("-4.83751297e-4"), r));
        code.Set(r, MultiplyAdd(n, Decimal("-7.54978995e-8"), r));
        code.Comment("Far from zero n is not the nearest integer.");
        code.Set(r, Min(Decimal("0.786"), Max(Decimal("-0.786"), r)));
        ElementValue square = code.Let("square", r * r);
        ElementValue p = code.Polynomial("p", square, "-1.9515295891e-4", "8.3321608736e-3", "-1.6666654611e-1");
        ElementValue sine = code.Let("sine", MultiplyAdd(p * square, r, r));
        ElementValue cosine = code.Polynomial("cosine", square,
            "2.443315711809948e-5", "-1.388731625493765e-3", "4.166664568298827e-2", "-0.5", "1");
        code.Comment("Quarters of the circle: odd ones have the cosine, and two of four the other sign.");
        ElementBits quarter = code.Let("quarter", quarters == 0 ? ElementBits.Of(shifted) : ElementBits.Of(shifted) + quarters);
        ElementMask odd = code.Let("odd", new ElementMask(((quarter << 31) >> 31).AsNumber().Term));
        return Select(odd, cosine, sine) * WithSignOf((quarter << 30).AsNumber(), 1);
    }
}
