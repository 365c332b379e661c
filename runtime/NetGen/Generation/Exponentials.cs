using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NetGen;

/// <summary>
/// e to the power of numbers that are not positive, in double precision, of sums and products in a fixed order without fused ones: the same
/// bits on every machine, where the C library's function differs from one to the next.
/// </summary>
internal static class Exponentials
{
    /// <summary>Numbers for which there must be room in multiples.</summary>
    public const int Block = 4;

    /// <summary>What is below counts as 0, so that no result is subnormal.</summary>
    private const double Lowest = -708;

    // ln 2 in two parts, of which the first has trailing zeros enough that its product with an exponent is exact.
    private const double UpperLn2 = 6.93147180369123816490e-1, LowerLn2 = 1.90821492927058770002e-10;

    /// <summary>exp((value − largest) / temperature) of each value.</summary>
    /// <param name="values">Values up to the largest, also −∞.</param>
    /// <param name="largest">A finite number.</param>
    /// <param name="temperature">Above 0.</param>
    /// <param name="results">Room for as many, up to a multiple of <see cref="Block"/>; what lies behind the last is undefined.</param>
    public static void Of(ReadOnlySpan<float> values, float largest, float temperature, Span<double> results)
    {
        for (int i = 0; i < values.Length; i += Block)
        {
            Vector128<float> floats = i + Block <= values.Length ? Vector128.Create(values.Slice(i, Block)) : Rest(values[i..]);
            (Vector128<double> lower, Vector128<double> upper) = Vector128.Widen(floats);
            Vector256<double> x = (Vector256.Create(lower, upper) - Vector256.Create((double)largest))
                / Vector256.Create((double)temperature);
            Exp(x).CopyTo(results.Slice(i, Block));
        }
    }

    private static Vector256<double> Exp(Vector256<double> x)
    {
        // Adding 1.5 · 2⁵² rounds to a whole number, which then stands in the lower bits.
        Vector256<double> shift = Vector256.Create(6755399441055744.0);
        Vector256<double> shifted = x * Vector256.Create(1.44269504088896340736) + shift, exponent = shifted - shift;
        Vector256<double> r = x - exponent * Vector256.Create(UpperLn2) - exponent * Vector256.Create(LowerLn2);
        // Taylor's series up to r¹³ / 13!, which |r| ≤ ln 2 / 2 leaves no more of than rounding does.
        Vector256<double> sum = Vector256.Create(1.0 / 6227020800) * r + Vector256.Create(1.0 / 479001600);
        sum = sum * r + Vector256.Create(1.0 / 39916800);
        sum = sum * r + Vector256.Create(1.0 / 3628800);
        sum = sum * r + Vector256.Create(1.0 / 362880);
        sum = sum * r + Vector256.Create(1.0 / 40320);
        sum = sum * r + Vector256.Create(1.0 / 5040);
        sum = sum * r + Vector256.Create(1.0 / 720);
        sum = sum * r + Vector256.Create(1.0 / 120);
        sum = sum * r + Vector256.Create(1.0 / 24);
        sum = sum * r + Vector256.Create(1.0 / 6);
        sum = sum * r + Vector256.Create(0.5);
        sum = sum * r + Vector256<double>.One;
        sum = sum * r + Vector256<double>.One;
        Vector256<double> scale = Vector256.ShiftLeft(shifted.AsInt64() + Vector256.Create(1023L), 52).AsDouble();
        return Vector256.ConditionalSelect(
            Vector256.GreaterThanOrEqual(x, Vector256.Create(Lowest)), sum * scale, Vector256<double>.Zero);
    }

    private static Vector128<float> Rest(ReadOnlySpan<float> values)
    {
        Span<float> padded = stackalloc float[Block];
        padded.Fill(float.NegativeInfinity);
        values.CopyTo(padded);
        return Vector128.Create((ReadOnlySpan<float>)padded);
    }
}
