using System.Buffers.Binary;

namespace NetGen.Data;

/// <summary>CRC-32 of PNG's chunks: polynomial 0xEDB88320, annex D of the recommendation. Eight bytes a turn, one table for each.</summary>
internal static class Crc32
{
    private static readonly uint[] Tables = MakeTables();

    /// <summary>The checksum of a chunk: over its type and its data.</summary>
    public static uint Compute(ReadOnlySpan<byte> data)
    {
        uint[] tables = Tables;
        uint crc = uint.MaxValue;
        for (; data.Length >= 8; data = data[8..])
        {
            uint low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(data), high = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            crc = tables[7 * 256 + (byte)low] ^ tables[6 * 256 + (byte)(low >> 8)] ^ tables[5 * 256 + (byte)(low >> 16)] ^ tables[4 * 256
                + (low >> 24)]
                ^ tables[3 * 256 + (byte)high] ^ tables[2 * 256 + (byte)(high >> 8)] ^ tables[256
                    + (byte)(high >> 16)] ^ tables[high >> 24];
        }
        foreach (byte b in data)
            crc = tables[(byte)(crc ^ b)] ^ (crc >> 8);
        return ~crc;
    }

    // Table k holds what a byte does to the checksum when k more zero bytes follow it.
    private static uint[] MakeTables()
    {
        var tables = new uint[8 * 256];
        for (uint n = 0; n < 256; n++)
        {
            uint c = n;
            for (int bit = 0; bit < 8; bit++)
                c = (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1;
            tables[n] = c;
        }
        for (int k = 256; k < tables.Length; k++)
            tables[k] = tables[(byte)tables[k - 256]] ^ (tables[k - 256] >> 8);
        return tables;
    }
}
