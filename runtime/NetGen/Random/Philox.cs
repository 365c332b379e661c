using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace NetGen.CompilerServices;

/// <summary>
/// The counter-based random generator Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3;
/// SC 2011). A number is a function of a key and a counter, so that any part of a sequence can be made anywhere: the same
/// bits at every thread count and vector width.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class Philox
{
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>The four words of one counter.</summary>
    /// <param name="seed">The key: low word, then high word.</param>
    /// <param name="c0">First word of the counter.</param>
    /// <param name="c1">Second word of the counter.</param>
    /// <param name="c2">Third word of the counter.</param>
    /// <param name="c3">Fourth word of the counter.</param>
    public static Vector128<uint> Generate(ulong seed, uint c0, uint c1, uint c2, uint c3)
    {
        uint key0 = (uint)seed, key1 = (uint)(seed >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * c0, product1 = (ulong)Multiplier1 * c2;
            c0 = (uint)(product1 >> 32) ^ c1 ^ key0;
            c1 = (uint)product1;
            c2 = (uint)(product0 >> 32) ^ c3 ^ key1;
            c3 = (uint)product0;
            key0 += Weyl0;
            key1 += Weyl1;
        }
        return Vector128.Create(c0, c1, c2, c3);
    }

    /// <summary>
    /// Dropout's factors for the first elements of one sample: 0 with the given probability, else 1 / (1 − probability).
    /// Element i takes word i mod 4 of counter (i / 4, sample, step, stream) and is kept if the word is at least
    /// round(probability · 2³²).
    /// </summary>
    /// <param name="destination">Room for <paramref name="count"/> floats.</param>
    /// <param name="count">Number of elements.</param>
    /// <param name="probability">Probability of zero, from 0 to 1; 1 gives zeros only.</param>
    /// <param name="seed">The trainer's seed.</param>
    /// <param name="sample">Index of the sample in the batch.</param>
    /// <param name="step">Number of the forward pass.</param>
    /// <param name="stream">Number of the dropout layer in the network.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is outside [0, 1], or the count is negative.</exception>
    public static void DropoutScales(float* destination, int count, float probability, ulong seed, uint sample, uint step, uint stream) =>
        DropoutScales(destination, 0, count, probability, seed, sample, step, stream);

    /// <summary>
    /// Dropout's factors for elements <paramref name="first"/> to first + count − 1 of one sample, so that threads can share one.
    /// </summary>
    /// <param name="destination">Room for <paramref name="count"/> floats; the first of them is element <paramref name="first"/>.</param>
    /// <param name="first">First element, a multiple of 4.</param>
    /// <param name="count">Number of elements.</param>
    /// <param name="probability">Probability of zero, from 0 to 1; 1 gives zeros only.</param>
    /// <param name="seed">The trainer's seed.</param>
    /// <param name="sample">Index of the sample in the batch.</param>
    /// <param name="step">Number of the forward pass.</param>
    /// <param name="stream">Number of the dropout layer in the network.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The probability is outside [0, 1], the count is negative, or first is negative or no multiple of 4.
    /// </exception>
    public static void DropoutScales(float* destination, long first, int count, float probability, ulong seed, uint sample, uint step,
        uint stream) =>
        DropoutScales(VectorSupport.Best, destination, first, count, probability, seed, sample, step, stream);

    internal static void DropoutScales(VectorWidth width, float* destination, long first, int count, float probability, ulong seed,
        uint sample, uint step, uint stream)
    {
        if (!(probability >= 0 && probability <= 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability lies between 0 and 1.");
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (first < 0 || first % 4 != 0)
            throw new ArgumentOutOfRangeException(nameof(first), first, "The first element must be a multiple of 4, from 0.");

        // In double, so that the product is exact. 2³² itself does not fit a word: probability 1 keeps nothing.
        double scaled = Math.Round(probability * 4294967296.0, MidpointRounding.AwayFromZero);
        if (scaled >= 4294967296.0)
        {
            new Span<float>(destination, count).Clear();
            return;
        }
        var threshold = (uint)scaled;
        var keep = (float)(1 / (1 - (double)probability));

        var counter = (uint)(first / 4);
        int done = 0;
        if (width == VectorWidth.Vector512 && VectorSupport.Has512)
            done = Fill512(destination, count, threshold, keep, seed, counter, sample, step, stream);
        else if (width >= VectorWidth.Vector256 && VectorSupport.Has256)
            done = Fill256(destination, count, threshold, keep, seed, counter, sample, step, stream);
        else if (Sse2.IsSupported || AdvSimd.IsSupported)
            done = Fill128(destination, count, threshold, keep, seed, counter, sample, step, stream);

        for (int i = done; i < count; i += 4)
        {
            Vector128<uint> words = Generate(seed, counter + (uint)i / 4, sample, step, stream);
            int end = Math.Min(4, count - i);
            for (int j = 0; j < end; j++)
                destination[i + j] = words.GetElement(j) >= threshold ? keep : 0;
        }
    }

    // The vector versions hold each counter word in the low half of a 64-bit lane: a widening multiplication then gives low
    // and high product in place, and as it ignores the upper halves, so may everything in between.

    private static int Fill512(float* destination, int count, uint threshold, float keep, ulong seed, uint counter, uint sample, uint step,
        uint stream)
    {
        const int PerVector = 8;
        Vector512<ulong> multiplier0 = Vector512.Create((ulong)Multiplier0), multiplier1 = Vector512.Create((ulong)Multiplier1);
        Vector512<uint> limit = Vector512.Create(threshold);
        Vector512<float> scale = Vector512.Create(keep);
        Vector512<ulong> lowHalf = Vector512.Create((ulong)uint.MaxValue);
        Vector512<ulong> firstPairs = Vector512.Create(0UL, 8, 1, 9, 2, 10, 3, 11),
            lastPairs = Vector512.Create(4UL, 12, 5, 13, 6, 14, 7, 15);
        Vector512<ulong> counters = Vector512.Create((ulong)counter) + Vector512.Create(0UL, 1, 2, 3, 4, 5, 6, 7);
        int i = 0;
        for (; i <= count - 4 * PerVector; i += 4 * PerVector)
        {
            Vector512<ulong> c0 = counters, c1 = Vector512.Create((ulong)sample), c2 = Vector512.Create((ulong)step),
                c3 = Vector512.Create((ulong)stream);
            uint key0 = (uint)seed, key1 = (uint)(seed >> 32);
            for (int round = 0; round < Rounds; round++)
            {
                Vector512<ulong> product0 = Avx512F.Multiply(c0.AsUInt32(), multiplier0.AsUInt32());
                Vector512<ulong> product1 = Avx512F.Multiply(c2.AsUInt32(), multiplier1.AsUInt32());
                c0 = (product1 >>> 32) ^ c1 ^ Vector512.Create((ulong)key0);
                c1 = product1;
                c2 = (product0 >>> 32) ^ c3 ^ Vector512.Create((ulong)key1);
                c3 = product0;
                key0 += Weyl0;
                key1 += Weyl1;
            }
            Vector512<ulong> words01 = (c0 & lowHalf) | (c1 << 32), words23 = (c2 & lowHalf) | (c3 << 32);
            Store512(destination + i, Avx512F.PermuteVar8x64x2(words01, firstPairs, words23), limit, scale);
            Store512(destination + i + 16, Avx512F.PermuteVar8x64x2(words01, lastPairs, words23), limit, scale);
            counters += Vector512.Create((ulong)PerVector);
        }
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store512(float* destination, Vector512<ulong> words, Vector512<uint> limit, Vector512<float> scale) =>
        (Vector512.GreaterThanOrEqual(words.AsUInt32(), limit).AsSingle() & scale).Store(destination);

    private static int Fill256(float* destination, int count, uint threshold, float keep, ulong seed, uint counter, uint sample, uint step,
        uint stream)
    {
        const int PerVector = 4;
        Vector256<ulong> multiplier0 = Vector256.Create((ulong)Multiplier0), multiplier1 = Vector256.Create((ulong)Multiplier1);
        Vector256<uint> limit = Vector256.Create(threshold);
        Vector256<float> scale = Vector256.Create(keep);
        Vector256<ulong> lowHalf = Vector256.Create((ulong)uint.MaxValue);
        Vector256<ulong> counters = Vector256.Create((ulong)counter) + Vector256.Create(0UL, 1, 2, 3);
        int i = 0;
        for (; i <= count - 4 * PerVector; i += 4 * PerVector)
        {
            Vector256<ulong> c0 = counters, c1 = Vector256.Create((ulong)sample), c2 = Vector256.Create((ulong)step),
                c3 = Vector256.Create((ulong)stream);
            uint key0 = (uint)seed, key1 = (uint)(seed >> 32);
            for (int round = 0; round < Rounds; round++)
            {
                Vector256<ulong> product0 = Avx2.Multiply(c0.AsUInt32(), multiplier0.AsUInt32());
                Vector256<ulong> product1 = Avx2.Multiply(c2.AsUInt32(), multiplier1.AsUInt32());
                c0 = (product1 >>> 32) ^ c1 ^ Vector256.Create((ulong)key0);
                c1 = product1;
                c2 = (product0 >>> 32) ^ c3 ^ Vector256.Create((ulong)key1);
                c3 = product0;
                key0 += Weyl0;
                key1 += Weyl1;
            }
            Vector256<ulong> words01 = (c0 & lowHalf) | (c1 << 32), words23 = (c2 & lowHalf) | (c3 << 32);
            Vector256<ulong> even = Avx2.UnpackLow(words01, words23), odd = Avx2.UnpackHigh(words01, words23);
            Store256(destination + i, Avx2.Permute2x128(even, odd, 0x20), limit, scale);
            Store256(destination + i + 8, Avx2.Permute2x128(even, odd, 0x31), limit, scale);
            counters += Vector256.Create((ulong)PerVector);
        }
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store256(float* destination, Vector256<ulong> words, Vector256<uint> limit, Vector256<float> scale) =>
        (Vector256.GreaterThanOrEqual(words.AsUInt32(), limit).AsSingle() & scale).Store(destination);

    private static int Fill128(float* destination, int count, uint threshold, float keep, ulong seed, uint counter, uint sample, uint step,
        uint stream)
    {
        const int PerVector = 2;
        Vector128<ulong> multiplier0 = Vector128.Create((ulong)Multiplier0), multiplier1 = Vector128.Create((ulong)Multiplier1);
        Vector128<uint> limit = Vector128.Create(threshold);
        Vector128<float> scale = Vector128.Create(keep);
        Vector128<ulong> lowHalf = Vector128.Create((ulong)uint.MaxValue);
        Vector128<ulong> counters = Vector128.Create((ulong)counter, (ulong)counter + 1);
        int i = 0;
        for (; i <= count - 4 * PerVector; i += 4 * PerVector)
        {
            Vector128<ulong> c0 = counters, c1 = Vector128.Create((ulong)sample), c2 = Vector128.Create((ulong)step),
                c3 = Vector128.Create((ulong)stream);
            uint key0 = (uint)seed, key1 = (uint)(seed >> 32);
            for (int round = 0; round < Rounds; round++)
            {
                Vector128<ulong> product0 = MultiplyWidening(c0, multiplier0), product1 = MultiplyWidening(c2, multiplier1);
                c0 = (product1 >>> 32) ^ c1 ^ Vector128.Create((ulong)key0);
                c1 = product1;
                c2 = (product0 >>> 32) ^ c3 ^ Vector128.Create((ulong)key1);
                c3 = product0;
                key0 += Weyl0;
                key1 += Weyl1;
            }
            Vector128<ulong> words01 = (c0 & lowHalf) | (c1 << 32), words23 = (c2 & lowHalf) | (c3 << 32);
            Store128(destination + i, ZipLow(words01, words23), limit, scale);
            Store128(destination + i + 4, ZipHigh(words01, words23), limit, scale);
            counters += Vector128.Create((ulong)PerVector);
        }
        return i;
    }

    // The 64-bit products of the low halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> MultiplyWidening(Vector128<ulong> left, Vector128<ulong> right) =>
        Sse2.IsSupported
            ? Sse2.Multiply(left.AsUInt32(), right.AsUInt32())
            : AdvSimd.MultiplyWideningLower(AdvSimd.ExtractNarrowingLower(left), AdvSimd.ExtractNarrowingLower(right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> ZipLow(Vector128<ulong> a, Vector128<ulong> b) =>
        Sse2.IsSupported ? Sse2.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a.GetLower(), b.GetLower());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> ZipHigh(Vector128<ulong> a, Vector128<ulong> b) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a.GetUpper(), b.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store128(float* destination, Vector128<ulong> words, Vector128<uint> limit, Vector128<float> scale) =>
        (Vector128.GreaterThanOrEqual(words.AsUInt32(), limit).AsSingle() & scale).Store(destination);
}
