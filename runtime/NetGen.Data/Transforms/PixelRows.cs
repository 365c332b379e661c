using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NetGen.Data;

/// <summary>Rows of pixels from bytes to floats, forwards or backwards.</summary>
internal static class PixelRows
{
    /// <summary>Each byte divided by 255.</summary>
    /// <param name="source">As long as the destination.</param>
    /// <param name="destination">The floats.</param>
    /// <param name="backwards">Whether the last byte comes first.</param>
    public static void Convert(ReadOnlySpan<byte> source, Span<float> destination, bool backwards) =>
        Convert(source, destination, backwards, normalize: false, 0, 1);

    /// <summary>(byte / 255 − mean) / deviation, three roundings, as PyTorch's separate steps have them.</summary>
    /// <param name="source">As long as the destination.</param>
    /// <param name="destination">The floats.</param>
    /// <param name="backwards">Whether the last byte comes first.</param>
    /// <param name="mean">The mean.</param>
    /// <param name="std">The standard deviation.</param>
    public static void ConvertAndNormalize(ReadOnlySpan<byte> source, Span<float> destination, bool backwards, float mean, float std) =>
        Convert(source, destination, backwards, normalize: true, mean, std);

    /// <summary>Each byte looked up in a table of 256.</summary>
    /// <param name="source">Begins with the first byte to read, or ends behind it if the step is negative.</param>
    /// <param name="step">From a byte to the next.</param>
    /// <param name="destination">The floats.</param>
    /// <param name="table">What each byte becomes.</param>
    public static void LookUp(ReadOnlySpan<byte> source, int step, Span<float> destination, float[] table)
    {
        ref float values = ref MemoryMarshal.GetArrayDataReference(table);
        int at = step > 0 ? 0 : source.Length - 1;
        for (int i = 0; i < destination.Length; i++, at += step)
            destination[i] = Unsafe.Add(ref values, source[at]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Convert(ReadOnlySpan<byte> source, Span<float> destination, bool backwards, bool normalize, float mean, float std)
    {
        if (source.Length != destination.Length)
            throw new ArgumentException($"Expected {destination.Length} bytes, got {source.Length}.", nameof(source));
        int count = destination.Length, i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            ref byte from = ref MemoryMarshal.GetReference(source);
            ref float to = ref MemoryMarshal.GetReference(destination);
            Vector128<float> scale = Vector128.Create(255f), means = Vector128.Create(mean), stds = Vector128.Create(std);
            Vector128<byte> reverse = Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
            for (; i <= count - 16; i += 16)
            {
                Vector128<byte> bytes = Vector128.LoadUnsafe(ref from, (nuint)(backwards ? count - 16 - i : i));
                if (backwards)
                    bytes = Vector128.Shuffle(bytes, reverse);
                (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(bytes);
                (Vector128<uint> a, Vector128<uint> b) = Vector128.Widen(low);
                (Vector128<uint> c, Vector128<uint> d) = Vector128.Widen(high);
                Store(a, ref to, i);
                Store(b, ref to, i + 4);
                Store(c, ref to, i + 8);
                Store(d, ref to, i + 12);
            }

            void Store(Vector128<uint> words, ref float to, int at)
            {
                Vector128<float> values = Vector128.ConvertToSingle(words.AsInt32()) / scale;
                if (normalize)
                    values = (values - means) / stds;
                values.StoreUnsafe(ref to, (nuint)at);
            }
        }
        for (; i < count; i++)
        {
            float value = source[backwards ? count - 1 - i : i] / 255f;
            destination[i] = normalize ? (value - mean) / std : value;
        }
    }
}
