using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NetGen.Data;

/// <summary>
/// The inverse cosine transform of a block, by the factorisation of Loeffler, Ligtenberg and Moschytz (1989), with integers: constants have
/// 13 bits behind the point, and two more bits are kept between columns and rows. These are the numbers of libjpeg's exact transform, so
/// that samples have the same bits.
/// </summary>
internal static class JpegInverseDct
{
    private const int Bits = 13, Between = 2;

    /// <summary>Writes the samples of a block.</summary>
    /// <param name="coefficients">64, in the order of rows.</param>
    /// <param name="quantization">What they are multiplied by.</param>
    /// <param name="samples">Begins with the block's first sample.</param>
    /// <param name="stride">From a row to the next.</param>
    public static void Transform(ReadOnlySpan<short> coefficients, ReadOnlySpan<ushort> quantization, Span<byte> samples, int stride)
    {
        Span<int> values = stackalloc int[64];
        for (int i = 0; i < 64; i++)
            values[i] = coefficients[i] * quantization[i];
        Pass(values, Bits - Between);
        Transpose(values);
        Pass(values, Bits + Between + 3);
        for (int y = 0; y < 8; y++)
        {
            Span<byte> row = samples.Slice(y * stride, 8);
            for (int x = 0; x < 8; x++)
                row[x] = ToSample(values[x * 8 + y]);
        }
    }

    /// <summary>The same of a block that has a mean alone.</summary>
    /// <param name="mean">Its first coefficient, multiplied.</param>
    /// <param name="samples">Begins with the block's first sample.</param>
    /// <param name="stride">From a row to the next.</param>
    public static void Fill(int mean, Span<byte> samples, int stride)
    {
        byte sample = ToSample(((mean << Between) + (1 << (Between + 2))) >> (Between + 3));
        for (int y = 0; y < 8; y++)
            samples.Slice(y * stride, 8).Fill(sample);
    }

    private static byte ToSample(int value) => (byte)Math.Clamp(value + 128, 0, byte.MaxValue);

    /// <summary>The transform of all eight columns at once.</summary>
    private static void Pass(Span<int> values, int shift)
    {
        ref Vector256<int> rows = ref Unsafe.As<int, Vector256<int>>(ref MemoryMarshal.GetReference(values));
        Vector256<int> x0 = rows, x1 = Unsafe.Add(ref rows, 1), x2 = Unsafe.Add(ref rows, 2), x3 = Unsafe.Add(ref rows, 3),
            x4 = Unsafe.Add(ref rows, 4), x5 = Unsafe.Add(ref rows, 5), x6 = Unsafe.Add(ref rows, 6), x7 = Unsafe.Add(ref rows, 7);

        // The even half: two rotations, one of which is by 45° and so needs no constant.
        Vector256<int> turned = (x2 + x6) * 4433, a2 = turned - x6 * 15137, a3 = turned + x2 * 6270;
        Vector256<int> a0 = (x0 + x4) << Bits, a1 = (x0 - x4) << Bits;
        Vector256<int> e0 = a0 + a3, e3 = a0 - a3, e1 = a1 + a2, e2 = a1 - a2;

        // The odd half.
        Vector256<int> both = (x7 + x3 + x5 + x1) * 9633;
        Vector256<int> b1 = (x7 + x1) * -7373, b2 = (x5 + x3) * -20995, b3 = (x7 + x3) * -16069 + both, b4 = (x5 + x1) * -3196 + both;
        Vector256<int> o0 = x1 * 12299 + b1 + b4, o1 = x3 * 25172 + b2 + b3, o2 = x5 * 16819 + b2 + b4, o3 = x7 * 2446 + b1 + b3;

        Vector256<int> half = Vector256.Create(1 << (shift - 1));
        rows = (e0 + o0 + half) >> shift;
        Unsafe.Add(ref rows, 1) = (e1 + o1 + half) >> shift;
        Unsafe.Add(ref rows, 2) = (e2 + o2 + half) >> shift;
        Unsafe.Add(ref rows, 3) = (e3 + o3 + half) >> shift;
        Unsafe.Add(ref rows, 4) = (e3 - o3 + half) >> shift;
        Unsafe.Add(ref rows, 5) = (e2 - o2 + half) >> shift;
        Unsafe.Add(ref rows, 6) = (e1 - o1 + half) >> shift;
        Unsafe.Add(ref rows, 7) = (e0 - o0 + half) >> shift;
    }

    private static void Transpose(Span<int> values)
    {
        for (int y = 0; y < 8; y++)
        {
            for (int x = y + 1; x < 8; x++)
                (values[y * 8 + x], values[x * 8 + y]) = (values[x * 8 + y], values[y * 8 + x]);
        }
    }
}
