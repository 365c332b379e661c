using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NetGen;

/// <summary>Conversion between a machine's byte order and little-endian files.</summary>
internal static class LittleEndian
{
    /// <summary>Converts elements in place, in either direction; nothing to do on all but a few machines.</summary>
    public static void Convert(Span<byte> elements, int size)
    {
        if (BitConverter.IsLittleEndian)
            return;
        Reverse(elements, size);
    }

    /// <summary>Reverses the bytes of each element, of 1, 2, 4 or 8 bytes.</summary>
    public static void Reverse(Span<byte> elements, int size)
    {
        switch (size)
        {
            case 2:
                Span<short> shorts = MemoryMarshal.Cast<byte, short>(elements);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                Span<int> ints = MemoryMarshal.Cast<byte, int>(elements);
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                Span<long> longs = MemoryMarshal.Cast<byte, long>(elements);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
        }
    }
}
