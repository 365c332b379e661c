namespace NetGen.Data;

/// <summary>
/// Memory that decoding reuses from image to image. It grows to the largest image and then stays. One thread at a time.
/// </summary>
public sealed class ImageBuffer
{
    private byte[] _pixels = [], _file = [], _rows = [], _turned = [];

    /// <summary>Room for pixels; what was here before is lost.</summary>
    /// <param name="length">How many bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    public Span<byte> Pixels(int length) => Grow(ref _pixels, length).AsSpan(0, length);

    /// <summary>Room for the bytes of a file.</summary>
    internal byte[] File(int length) => Grow(ref _file, length);

    /// <summary>Room for a decoder's rows.</summary>
    internal Span<byte> Rows(int length) => Grow(ref _rows, length).AsSpan(0, length);

    /// <summary>Room for the pixels of a picture that is turned.</summary>
    internal Span<byte> Turned(int length) => Grow(ref _turned, length).AsSpan(0, length);

    private static byte[] Grow(ref byte[] buffer, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (buffer.Length < length)
            buffer = GC.AllocateUninitializedArray<byte>((int)Math.Min(Array.MaxLength, Math.Max(length, 2L * buffer.Length)));
        return buffer;
    }
}
