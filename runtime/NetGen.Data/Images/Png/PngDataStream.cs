using System.Buffers.Binary;

namespace NetGen.Data;

/// <summary>
/// The compressed image data of a PNG file, whose chunks have been checked, as one stream. Its very last byte is given alone, so that who
/// reads no farther than to the end of what is compressed leaves it there if anything follows.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="firstChunk">Where the first chunk of data begins.</param>
/// <param name="length">Bytes of all chunks of data.</param>
internal sealed class PngDataStream(byte[] file, int firstChunk, long length) : Stream
{
    private int _position = firstChunk + 8;
    private int _left = (int)BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(firstChunk));

    /// <summary>Where the chunk begins that is being read.</summary>
    public int Chunk { get; private set; } = firstChunk;

    /// <summary>Bytes that were not read.</summary>
    public long Left { get; private set; } = length;

    /// <summary>Whether more was asked for than there is.</summary>
    public bool WasExceeded { get; private set; }

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
        if (Left == 0)
        {
            WasExceeded = true;
            return 0;
        }
        while (_left == 0)
        {
            // Behind the data lie four bytes of checksum, then the next chunk.
            int next = _position + 4;
            Chunk = next;
            _left = (int)BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(next));
            _position = next + 8;
        }
        int count = Math.Min(_left, buffer.Length);
        if (count == Left && count > 1)
            count--;
        file.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        _left -= count;
        Left -= count;
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
