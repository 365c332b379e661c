namespace NetGen.Data;

/// <summary>A picture: bytes, row by row from the top, the channels of a pixel side by side.</summary>
public sealed class Image
{
    /// <summary>A picture of given pixels, which are not copied.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">1 for grey, 2 for grey and alpha, 3 for RGB, 4 for RGB and alpha.</param>
    /// <param name="pixels">Height · width · channels bytes.</param>
    /// <exception cref="ArgumentException">An extent is out of range, or the number of bytes is wrong.</exception>
    public Image(int width, int height, int channels, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        var shape = new ImageShape(channels, height, width);
        shape.ThrowIfInvalid(nameof(width));
        if (channels > 4)
            throw new ArgumentOutOfRangeException(nameof(channels),
                channels, "A picture has 1 to 4 channels: grey, grey and alpha, RGB, or RGB and alpha.");
        if (pixels.Length != shape.Length)
            throw new ArgumentException($"Expected {shape.Length} bytes for {width} × {height} pixels of {channels} channels, "
                + $"got {pixels.Length}.", nameof(pixels));
        Shape = shape;
        Pixels = pixels;
    }

    /// <summary>A black picture, transparent if it has alpha.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">1 for grey, 2 for grey and alpha, 3 for RGB, 4 for RGB and alpha.</param>
    /// <exception cref="ArgumentException">An extent is out of range.</exception>
    public Image(int width, int height, int channels)
        : this(width, height, channels, New(width, height, channels))
    {
    }

    /// <summary>Columns.</summary>
    public int Width => Shape.Width;

    /// <summary>Rows.</summary>
    public int Height => Shape.Height;

    /// <summary>1 for grey, 2 for grey and alpha, 3 for RGB, 4 for RGB and alpha.</summary>
    public int Channels => Shape.Channels;

    /// <summary>Channels, height and width.</summary>
    public ImageShape Shape { get; }

    /// <summary>The bytes: height · width · channels.</summary>
    public byte[] Pixels { get; }

    /// <summary>The picture as transforms take it.</summary>
    public ImageView View => new(Pixels, Shape, PixelLayout.Interleaved);

    private static byte[] New(int width, int height, int channels)
    {
        var shape = new ImageShape(channels, height, width);
        shape.ThrowIfInvalid(nameof(width));
        return new byte[shape.Length];
    }
}
