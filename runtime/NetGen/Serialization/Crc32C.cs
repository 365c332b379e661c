using System.Buffers.Binary;
using System.Numerics;

namespace NetGen;

/// <summary>CRC-32C (Castagnoli, RFC 3720), by the processor's instruction where it has one.</summary>
internal static class Crc32C
{
    /// <summary>The checksum of some bytes.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="before">The checksum of what comes before them; 0 where nothing does.</param>
    public static uint Of(ReadOnlySpan<byte> data, uint before = 0)
    {
        uint crc = ~before;
        for (; data.Length >= 3 * Lanes.Length; data = data[(3 * Lanes.Length)..])
            crc = Lanes.Update(crc, data);
        while (data.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[sizeof(ulong)..];
        }
        foreach (byte value in data)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    /// <summary>
    /// Three pieces side by side, for the instruction's result takes three times as long as the next one may begin after.
    /// </summary>
    private static class Lanes
    {
        /// <summary>Bytes of a piece.</summary>
        public const int Length = 4096;

        // A checksum is linear, so that of a piece with others behind it is the sum over its bits of what each becomes by as many zero
        // bytes. By byte of the checksum.
        private static readonly uint[] s_behind = Tables();

        public static uint Update(uint crc, ReadOnlySpan<byte> data)
        {
            ReadOnlySpan<byte> first = data[..Length], second = data.Slice(Length, Length), third = data.Slice(2 * Length, Length);
            uint a = crc, b = 0, c = 0;
            for (int i = 0; i < Length; i += sizeof(ulong))
            {
                a = BitOperations.Crc32C(a, BinaryPrimitives.ReadUInt64LittleEndian(first[i..]));
                b = BitOperations.Crc32C(b, BinaryPrimitives.ReadUInt64LittleEndian(second[i..]));
                c = BitOperations.Crc32C(c, BinaryPrimitives.ReadUInt64LittleEndian(third[i..]));
            }
            return Behind(Behind(a) ^ b) ^ c;
        }

        private static uint Behind(uint crc) =>
            s_behind[crc & 255] ^ s_behind[256 + (crc >> 8 & 255)] ^ s_behind[512 + (crc >> 16 & 255)] ^ s_behind[768 + (crc >> 24)];

        private static uint[] Tables()
        {
            var tables = new uint[4 * 256];
            for (int bit = 0; bit < 32; bit++)
            {
                uint crc = 1u << bit;
                for (int i = 0; i < Length; i += sizeof(ulong))
                    crc = BitOperations.Crc32C(crc, 0UL);
                int table = bit / 8 * 256, weight = 1 << bit % 8;
                for (int value = 0; value < weight; value++)
                    tables[table + weight + value] = tables[table + value] ^ crc;
            }
            return tables;
        }
    }
}
