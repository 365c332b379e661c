using System.Buffers.Binary;
using System.Numerics;

namespace NetGen.TensorBoard;

/// <summary>
/// Writes TFRecord files: for each record its length, a checksum of the length, its bytes and a checksum of these, all little-endian.
/// </summary>
internal sealed class RecordWriter(Stream stream) : IDisposable
{
    private const int HeaderLength = 12, FooterLength = 4;
    private const uint MaskDelta = 0xA282EAD8;

    private byte[] _buffer = new byte[1024];

    /// <summary>Writes a record; one call of the stream, so that readers seldom see half of one.</summary>
    /// <param name="length">How many bytes it has.</param>
    /// <param name="write">Writes them.</param>
    public void Write(int length, WriteBytes write)
    {
        int whole = checked(HeaderLength + length + FooterLength);
        if (_buffer.Length < whole)
            _buffer = new byte[Math.Max(whole, (int)Math.Min(2L * _buffer.Length, Array.MaxLength))];
        Span<byte> record = _buffer.AsSpan(0, whole), data = record.Slice(HeaderLength, length);
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)length);
        BinaryPrimitives.WriteUInt32LittleEndian(record[8..], Masked(record[..8]));
        write(data);
        BinaryPrimitives.WriteUInt32LittleEndian(record[(HeaderLength + length)..], Masked(data));
        stream.Write(record);
    }

    public delegate void WriteBytes(Span<byte> destination);

    public void Flush() => stream.Flush();

    public void Dispose() => stream.Dispose();

    /// <summary>A checksum that is stored is rotated and moved, so that data which hold checksums of themselves do no harm.</summary>
    private static uint Masked(ReadOnlySpan<byte> data) => BitOperations.RotateRight(Crc32C.Of(data), 15) + MaskDelta;
}
