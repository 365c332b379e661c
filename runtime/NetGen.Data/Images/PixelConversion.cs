namespace NetGen.Data;

/// <summary>
/// Rows of bytes from one number of channels to another, as PIL's <c>convert</c> does it: grey is repeated, colours become luma by ITU-R
/// BT.601, alpha is dropped without blending, or opaque where there was none.
/// </summary>
internal static class PixelConversion
{
    /// <summary>Converts pixels; source and destination must not overlap unless they have the same number of channels.</summary>
    public static void Convert(ReadOnlySpan<byte> source, int sourceChannels, Span<byte> destination, int channels)
    {
        if (sourceChannels == channels)
        {
            source.CopyTo(destination);
            return;
        }
        int pixels = source.Length / sourceChannels;
        for (int i = 0; i < pixels; i++)
        {
            ReadOnlySpan<byte> from = source.Slice(i * sourceChannels, sourceChannels);
            Span<byte> to = destination.Slice(i * channels, channels);
            if (channels <= 2)
                to[0] = sourceChannels <= 2 ? from[0] : Luma(from[0], from[1], from[2]);
            else if (sourceChannels <= 2)
                to[0] = to[1] = to[2] = from[0];
            else
                (to[0], to[1], to[2]) = (from[0], from[1], from[2]);
            if (channels % 2 == 0)
                to[^1] = sourceChannels % 2 == 0 ? from[^1] : byte.MaxValue;
        }
    }

    // 0.299, 0.587 and 0.114 in 65536ths, rounded to the nearest.
    internal static byte Luma(byte r, byte g, byte b) => (byte)((r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16);
}
