using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace NetGen.CompilerServices;

/// <summary>
/// Transposes between samples in rows, as callers pass them, and samples as lanes, as kernels with one sample in each vector
/// lane want them: element e of sample s lies at [e][s] with <see cref="Lanes"/> samples side by side.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[SkipLocalsInit]
public static unsafe class Transposition
{
    /// <summary>Samples side by side in the transposed layout, whatever the vector width.</summary>
    public const int Lanes = 16;

    /// <summary>
    /// Rows to lanes: destination[e · 16 + s] = source[s · rowPitch + e], and 0 for the lanes from <paramref name="samples"/> on.
    /// </summary>
    /// <param name="source">First element of the first sample.</param>
    /// <param name="rowPitch">Floats from one sample to the next.</param>
    /// <param name="samples">Samples to read, 1 to 16.</param>
    /// <param name="destination">Room for elements · 16 floats; must not overlap the source.</param>
    /// <param name="elements">Elements of a sample.</param>
    public static void ToLanes(float* source, nint rowPitch, int samples, float* destination, int elements) =>
        ToLanes(VectorSupport.Best, source, rowPitch, samples, destination, elements);

    internal static void ToLanes(VectorWidth width, float* source, nint rowPitch, int samples, float* destination, int elements)
    {
        Debug.Assert(samples is >= 1 and <= Lanes && elements >= 0);
        int e = 0;
        if (samples == Lanes)
        {
            for (; e <= elements - Lanes; e += Lanes)
                Transpose(width, source + e, rowPitch, destination + (nint)e * Lanes, Lanes);
        }
        if (e == elements)
            return;
        // Short blocks, and blocks with lanes to fill, go through a square of zeros.
        float* block = stackalloc float[Lanes * Lanes];
        float* turned = stackalloc float[Lanes * Lanes];
        new Span<float>(block, Lanes * Lanes).Clear();
        for (; e < elements; e += Lanes)
        {
            int columns = Math.Min(Lanes, elements - e);
            for (int s = 0; s < samples; s++)
                new ReadOnlySpan<float>(source + s * rowPitch + e, columns).CopyTo(new Span<float>(block + s * Lanes, Lanes));
            if (columns == Lanes)
            {
                Transpose(width, block, Lanes, destination + (nint)e * Lanes, Lanes);
            }
            else
            {
                Transpose(width, block, Lanes, turned, Lanes);
                new ReadOnlySpan<float>(turned, columns * Lanes).CopyTo(new Span<float>(destination + (nint)e * Lanes, columns * Lanes));
            }
        }
    }

    /// <summary>
    /// Lanes to rows: destination[s · rowPitch + e] = source[e · 16 + s] for the first <paramref name="samples"/> lanes; the others are not
    /// written.
    /// </summary>
    /// <param name="source">elements · 16 floats.</param>
    /// <param name="destination">First element of the first sample; must not overlap the source.</param>
    /// <param name="rowPitch">Floats from one sample to the next.</param>
    /// <param name="samples">Samples to write, 1 to 16.</param>
    /// <param name="elements">Elements of a sample.</param>
    public static void FromLanes(float* source, float* destination, nint rowPitch, int samples, int elements) =>
        FromLanes(VectorSupport.Best, source, destination, rowPitch, samples, elements);

    internal static void FromLanes(VectorWidth width, float* source, float* destination, nint rowPitch, int samples, int elements)
    {
        Debug.Assert(samples is >= 1 and <= Lanes && elements >= 0);
        int e = 0;
        if (samples == Lanes)
        {
            for (; e <= elements - Lanes; e += Lanes)
                Transpose(width, source + (nint)e * Lanes, Lanes, destination + e, rowPitch);
        }
        float* block = stackalloc float[Lanes * Lanes];
        float* turned = stackalloc float[Lanes * Lanes];
        new Span<float>(block, Lanes * Lanes).Clear();
        for (; e < elements; e += Lanes)
        {
            int columns = Math.Min(Lanes, elements - e);
            float* from = source + (nint)e * Lanes;
            if (columns < Lanes)
            {
                new ReadOnlySpan<float>(from, columns * Lanes).CopyTo(new Span<float>(block, Lanes * Lanes));
                from = block;
            }
            Transpose(width, from, Lanes, turned, Lanes);
            for (int s = 0; s < samples; s++)
                new ReadOnlySpan<float>(turned + s * Lanes, columns).CopyTo(new Span<float>(destination + s * rowPitch + e, columns));
        }
    }

    // A 16×16 square between two row pitches.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(VectorWidth width, float* source, nint sourcePitch, float* destination, nint destinationPitch)
    {
        if (width >= VectorWidth.Vector256 && VectorSupport.Has256)
            Transpose256(source, sourcePitch, destination, destinationPitch);
        else
            Transpose128(source, sourcePitch, destination, destinationPitch);
    }

    // Two 128-bit pieces of far rows are put into one vector on loading, which costs little, so that all that is left is to
    // transpose 4×4 squares within the lanes. The same with 512 bits was measured to be no faster.
    private static void Transpose256(float* source, nint sourcePitch, float* destination, nint destinationPitch)
    {
        nint far = 4 * sourcePitch;
        for (int column = 0; column < Lanes; column += 4)
        {
            for (int row = 0; row < Lanes; row += 8)
            {
                float* from = source + row * sourcePitch + column;
                Vector256<float> a = Gather256(from, far), b = Gather256(from + sourcePitch, far);
                Vector256<float> c = Gather256(from + 2 * sourcePitch, far), d = Gather256(from + 3 * sourcePitch, far);
                Vector256<double> ab0 = Avx.UnpackLow(a, b).AsDouble(), ab1 = Avx.UnpackHigh(a, b).AsDouble();
                Vector256<double> cd0 = Avx.UnpackLow(c, d).AsDouble(), cd1 = Avx.UnpackHigh(c, d).AsDouble();
                float* to = destination + column * destinationPitch + row;
                Avx.UnpackLow(ab0, cd0).AsSingle().Store(to);
                Avx.UnpackHigh(ab0, cd0).AsSingle().Store(to + destinationPitch);
                Avx.UnpackLow(ab1, cd1).AsSingle().Store(to + 2 * destinationPitch);
                Avx.UnpackHigh(ab1, cd1).AsSingle().Store(to + 3 * destinationPitch);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Gather256(float* source, nint pitch) =>
        Avx.InsertVector128(Vector128.Load(source).ToVector256Unsafe(), Vector128.Load(source + pitch), 1);

    private static void Transpose128(float* source, nint sourcePitch, float* destination, nint destinationPitch)
    {
        for (int column = 0; column < Lanes; column += 4)
        {
            for (int row = 0; row < Lanes; row += 4)
            {
                float* from = source + row * sourcePitch + column;
                Vector128<float> a = Vector128.Load(from), b = Vector128.Load(from + sourcePitch);
                Vector128<float> c = Vector128.Load(from + 2 * sourcePitch), d = Vector128.Load(from + 3 * sourcePitch);
                Vector128<double> ab0 = ZipLow(a, b).AsDouble(), ab1 = ZipHigh(a, b).AsDouble();
                Vector128<double> cd0 = ZipLow(c, d).AsDouble(), cd1 = ZipHigh(c, d).AsDouble();
                float* to = destination + column * destinationPitch + row;
                ZipLow(ab0, cd0).AsSingle().Store(to);
                ZipHigh(ab0, cd0).AsSingle().Store(to + destinationPitch);
                ZipLow(ab1, cd1).AsSingle().Store(to + 2 * destinationPitch);
                ZipHigh(ab1, cd1).AsSingle().Store(to + 3 * destinationPitch);
            }
        }
    }

    // a0 b0 a1 b1 of the singles, a0 b0 of the doubles; the portable form is slow, and only for machines other than x86 and Arm64.

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipLow(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipHigh(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> ZipLow(Vector128<double> a, Vector128<double> b) =>
        Sse2.IsSupported ? Sse2.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> ZipHigh(Vector128<double> a, Vector128<double> b) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[1], b[1]);
}
