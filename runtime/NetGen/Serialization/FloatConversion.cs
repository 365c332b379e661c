using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NetGen;

/// <summary>Floats as files have them, in 16, 32 or 64 bits, little-endian, to floats and back.</summary>
internal static class FloatConversion
{
    /// <summary>The types that are converted, in words.</summary>
    public const string Types = "F32, F16, BF16 or F64";

    /// <summary>Whether a type is one of <see cref="Types"/>.</summary>
    public static bool Takes(SafeTensorsType type)
        => type is SafeTensorsType.Float32 or SafeTensorsType.Float16 or SafeTensorsType.BFloat16 or SafeTensorsType.Float64;

    /// <summary>
    /// Converts to floats: exactly from types that are no wider, and to the nearest, of two the even, from <c>F64</c>. Infinities and NaN
    /// stay what they are.
    /// </summary>
    /// <param name="type">One of <see cref="Types"/>.</param>
    /// <param name="source">The elements, as a file has them; in a wide type they may be changed to the machine's order.</param>
    /// <param name="destination">As many floats.</param>
    /// <returns>The index of the first finite element that is too large for a float, which only <c>F64</c> has; −1 for none.</returns>
    public static int Widen(SafeTensorsType type, Span<byte> source, Span<float> destination)
    {
        LittleEndian.Convert(source, SafeTensorsTypes.Size(type));
        switch (type)
        {
            case SafeTensorsType.Float32:
                MemoryMarshal.Cast<byte, float>(source).CopyTo(destination);
                return -1;
            case SafeTensorsType.BFloat16:
                WidenUpperHalves(MemoryMarshal.Cast<byte, ushort>(source), destination);
                return -1;
            case SafeTensorsType.Float16:
                WidenHalves(MemoryMarshal.Cast<byte, ushort>(source), destination);
                return -1;
            case SafeTensorsType.Float64:
                return Round(MemoryMarshal.Cast<byte, double>(source), destination);
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, $"Expected {Types}.");
        }
    }

    /// <summary>
    /// Converts floats to a type of files, to the nearest value that it has, of two the even. Infinities and NaN stay what they are.
    /// </summary>
    /// <param name="type"><c>F32</c>, <c>F16</c> or <c>BF16</c>.</param>
    /// <param name="source">The floats.</param>
    /// <param name="destination">Receives the elements.</param>
    /// <returns>The index of the first finite float that is too large for the type; −1 for none.</returns>
    public static int Narrow(SafeTensorsType type, ReadOnlySpan<float> source, Span<byte> destination)
    {
        int tooLarge = -1;
        switch (type)
        {
            case SafeTensorsType.Float32:
                source.CopyTo(MemoryMarshal.Cast<byte, float>(destination));
                break;
            case SafeTensorsType.BFloat16:
                tooLarge = NarrowToUpperHalves(source, MemoryMarshal.Cast<byte, ushort>(destination));
                break;
            case SafeTensorsType.Float16:
                Span<Half> halves = MemoryMarshal.Cast<byte, Half>(destination);
                for (int i = 0; i < source.Length; i++)
                {
                    halves[i] = (Half)source[i];
                    if (Half.IsInfinity(halves[i]) && float.IsFinite(source[i]) && tooLarge < 0)
                        tooLarge = i;
                }
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "Expected F32, F16 or BF16.");
        }
        LittleEndian.Convert(destination, SafeTensorsTypes.Size(type));
        return tooLarge;
    }

    /// <summary>A float beside the largest of a type, for messages.</summary>
    /// <param name="value">The float.</param>
    /// <param name="type"><c>F16</c> or <c>BF16</c>.</param>
    public static string TooLarge(float value, SafeTensorsType type)
    {
        float largest = type == SafeTensorsType.Float16 ? (float)Half.MaxValue : BitConverter.UInt32BitsToSingle(0x7F7F_0000);
        return string.Create(CultureInfo.InvariantCulture, $"{value}, and the largest {SafeTensorsTypes.Name(type)} is {largest}");
    }

    // BF16 is the upper half of a float.
    private static void WidenUpperHalves(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        Span<uint> bits = MemoryMarshal.Cast<float, uint>(destination);
        int i = 0;
        for (; i <= source.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            (Vector256<uint> lower, Vector256<uint> upper) = Vector256.Widen(Vector256.Create(source[i..]));
            Vector256.ShiftLeft(lower, 16).CopyTo(bits[i..]);
            Vector256.ShiftLeft(upper, 16).CopyTo(bits[(i + Vector256<uint>.Count)..]);
        }
        for (; i < source.Length; i++)
            bits[i] = (uint)source[i] << 16;
    }

    private static void WidenHalves(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        Span<uint> bits = MemoryMarshal.Cast<float, uint>(destination);
        int i = 0;
        for (; i <= source.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            (Vector256<uint> lower, Vector256<uint> upper) = Vector256.Widen(Vector256.Create(source[i..]));
            WidenHalves(lower).CopyTo(bits[i..]);
            WidenHalves(upper).CopyTo(bits[(i + Vector256<uint>.Count)..]);
        }
        for (; i < source.Length; i++)
            destination[i] = (float)BitConverter.UInt16BitsToHalf(source[i]);
    }

    // Fraction and exponent move to a float's places, and the exponent grows by as much as a float's lies higher; that of infinities and
    // NaN grows twice, to all ones. Small values, without an exponent, get the smallest as their first place, which is then taken off: so
    // no operand is a small float, which processors are slow with.
    private static Vector256<uint> WidenHalves(Vector256<uint> halves)
    {
        Vector256<uint> bias = Vector256.Create(112u << 23), magnitude = Vector256.ShiftLeft(halves & Vector256.Create(0x7FFFu), 13);
        Vector256<uint> isSpecial = Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(0x7C00u << 13));
        Vector256<uint> isSmall = Vector256.LessThan(magnitude, Vector256.Create(0x0400u << 13));
        Vector256<uint> usual = magnitude + bias + (isSpecial & bias);
        Vector256<uint> first = Vector256.Create(113u << 23);
        Vector256<uint> small = ((magnitude + first).AsSingle() - first.AsSingle()).AsUInt32();
        return Vector256.ConditionalSelect(isSmall, small, usual) | Vector256.ShiftLeft(halves & Vector256.Create(0x8000u), 16);
    }

    private static int Round(ReadOnlySpan<double> source, Span<float> destination)
    {
        int tooLarge = -1;
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = (float)source[i];
            if (float.IsInfinity(destination[i]) && double.IsFinite(source[i]) && tooLarge < 0)
                tooLarge = i;
        }
        return tooLarge;
    }

    private static int NarrowToUpperHalves(ReadOnlySpan<float> source, Span<ushort> destination)
    {
        int tooLarge = -1;
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = StoredBFloat16.BitsOf(source[i]);
            if ((destination[i] & 0x7F80) == 0x7F80 && float.IsFinite(source[i]) && tooLarge < 0)
                tooLarge = i;
        }
        return tooLarge;
    }
}
