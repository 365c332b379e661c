namespace NetGen.Data;

/// <summary>What transforms that compute pixels keep from image to image. One thread at a time.</summary>
internal sealed class PixelMemory
{
    private byte[] _crop = [];

    public Resizer Resizer { get; } = new();

    /// <summary>Room for a part of an image.</summary>
    public Span<byte> Crop(int length)
    {
        if (_crop.Length < length)
            _crop = GC.AllocateUninitializedArray<byte>(length);
        return _crop.AsSpan(0, length);
    }
}
