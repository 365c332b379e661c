using System.Buffers.Binary;

namespace NetGen.Data;

/// <summary>The compressed image data of a PNG file, whose chunks have been checked, as one stream.</summary>
internal sealed class PngDataStream(byte[] file, int firstChunk) : Stream
{
    private int _position = firstChunk + 8;
    private int _left = (int)BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(firstChunk));

    /// <summary>Where the chunk begins that is being read.</summary>
    public int Chunk { get; private set; } = firstChunk;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        while (_left == 0)
        {
            // Behind the data lie four bytes of checksum, then the next chunk.
            int next = _position + 4;
            if (!file.AsSpan(next + 4, 4).SequenceEqual("IDAT"u8))
                return 0;
            Chunk = next;
            _left = (int)BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(next));
            _position = next + 8;
        }
        int count = Math.Min(_left, buffer.Length);
        file.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        _left -= count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
