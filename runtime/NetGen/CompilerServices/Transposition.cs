using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NetGen.CompilerServices;

/// <summary>
/// Transposes between samples in rows, as callers pass them, and samples as lanes, as kernels with one sample in each vector
/// lane want them: element e of sample s lies at [e][s] with <see cref="Lanes"/> samples side by side.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class Transposition
{
    /// <summary>Samples side by side in the transposed layout, whatever the vector width.</summary>
    public const int Lanes = 16;

    /// <summary>Rows to lanes: destination[e · 16 + s] = source[s · rowPitch + e], and 0 for the lanes from <paramref name="samples"/> on.</summary>
    /// <param name="source">First element of the first sample.</param>
    /// <param name="rowPitch">Floats from one sample to the next.</param>
    /// <param name="samples">Samples to read, 1 to 16.</param>
    /// <param name="destination">Room for elements · 16 floats; must not overlap the source.</param>
    /// <param name="elements">Elements of a sample.</param>
    public static void ToLanes(float* source, nint rowPitch, int samples, float* destination, int elements)
    {
        Debug.Assert(samples is >= 1 and <= Lanes && elements >= 0);
        int e = 0;
        if (samples == Lanes)
        {
            for (; e <= elements - Lanes; e += Lanes)
                Transpose(source + e, rowPitch, destination + (nint)e * Lanes, Lanes);
        }
        // Short blocks, and blocks with lanes to fill, go through a square of zeros.
        float* block = stackalloc float[Lanes * Lanes];
        float* turned = stackalloc float[Lanes * Lanes];
        new Span<float>(block, Lanes * Lanes).Clear();
        for (; e < elements; e += Lanes)
        {
            int width = Math.Min(Lanes, elements - e);
            for (int s = 0; s < samples; s++)
                new ReadOnlySpan<float>(source + s * rowPitch + e, width).CopyTo(new Span<float>(block + s * Lanes, Lanes));
            if (width == Lanes)
            {
                Transpose(block, Lanes, destination + (nint)e * Lanes, Lanes);
            }
            else
            {
                Transpose(block, Lanes, turned, Lanes);
                new ReadOnlySpan<float>(turned, width * Lanes).CopyTo(new Span<float>(destination + (nint)e * Lanes, width * Lanes));
            }
        }
    }

    /// <summary>Lanes to rows: destination[s · rowPitch + e] = source[e · 16 + s] for the first <paramref name="samples"/> lanes; the others are not written.</summary>
    /// <param name="source">elements · 16 floats.</param>
    /// <param name="destination">First element of the first sample; must not overlap the source.</param>
    /// <param name="rowPitch">Floats from one sample to the next.</param>
    /// <param name="samples">Samples to write, 1 to 16.</param>
    /// <param name="elements">Elements of a sample.</param>
    public static void FromLanes(float* source, float* destination, nint rowPitch, int samples, int elements)
    {
        Debug.Assert(samples is >= 1 and <= Lanes && elements >= 0);
        int e = 0;
        if (samples == Lanes)
        {
            for (; e <= elements - Lanes; e += Lanes)
                Transpose(source + (nint)e * Lanes, Lanes, destination + e, rowPitch);
        }
        float* block = stackalloc float[Lanes * Lanes];
        float* turned = stackalloc float[Lanes * Lanes];
        new Span<float>(block, Lanes * Lanes).Clear();
        for (; e < elements; e += Lanes)
        {
            int width = Math.Min(Lanes, elements - e);
            float* from = source + (nint)e * Lanes;
            if (width < Lanes)
            {
                new ReadOnlySpan<float>(from, width * Lanes).CopyTo(new Span<float>(block, Lanes * Lanes));
                from = block;
            }
            Transpose(from, Lanes, turned, Lanes);
            for (int s = 0; s < samples; s++)
                new ReadOnlySpan<float>(turned + s * Lanes, width).CopyTo(new Span<float>(destination + s * rowPitch + e, width));
        }
    }

    // A 16×16 square between two row pitches.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(float* source, nint sourcePitch, float* destination, nint destinationPitch) =>
        Transpose128(source, sourcePitch, destination, destinationPitch);

    private static void Transpose128(float* source, nint sourcePitch, float* destination, nint destinationPitch)
    {
        for (int row = 0; row < Lanes; row += 4)
        {
            for (int column = 0; column < Lanes; column += 4)
                Transpose4x4(source + row * sourcePitch + column, sourcePitch, destination + column * destinationPitch + row, destinationPitch);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose4x4(float* source, nint sourcePitch, float* destination, nint destinationPitch)
    {
        Vector128<float> a = Vector128.Load(source), b = Vector128.Load(source + sourcePitch);
        Vector128<float> c = Vector128.Load(source + 2 * sourcePitch), d = Vector128.Load(source + 3 * sourcePitch);
        Vector128<float> ab0 = ZipLow(a, b), ab1 = ZipHigh(a, b), cd0 = ZipLow(c, d), cd1 = ZipHigh(c, d);
        Vector128.Create(ab0.GetLower(), cd0.GetLower()).Store(destination);
        Vector128.Create(ab0.GetUpper(), cd0.GetUpper()).Store(destination + destinationPitch);
        Vector128.Create(ab1.GetLower(), cd1.GetLower()).Store(destination + 2 * destinationPitch);
        Vector128.Create(ab1.GetUpper(), cd1.GetUpper()).Store(destination + 3 * destinationPitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipLow(Vector128<float> a, Vector128<float> b)
    {
        if (Sse.IsSupported)
            return Sse.UnpackLow(a, b);
        if (System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.IsSupported)
            return System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.ZipLow(a, b);
        return Vector128.Create(a.GetElement(0), b.GetElement(0), a.GetElement(1), b.GetElement(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipHigh(Vector128<float> a, Vector128<float> b)
    {
        if (Sse.IsSupported)
            return Sse.UnpackHigh(a, b);
        if (System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.IsSupported)
            return System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.ZipHigh(a, b);
        return Vector128.Create(a.GetElement(2), b.GetElement(2), a.GetElement(3), b.GetElement(3));
    }
}
