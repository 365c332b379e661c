namespace NetGen.Data;

/// <summary>An image in memory that belongs to somebody else: bytes, their extents and their order.</summary>
public readonly ref struct ImageView
{
    /// <summary>Looks at pixels.</summary>
    /// <param name="pixels">One byte for each value of the shape.</param>
    /// <param name="shape">The extents.</param>
    /// <param name="layout">The order of the bytes.</param>
    /// <exception cref="ArgumentException">The number of bytes is not that of the shape.</exception>
    public ImageView(ReadOnlySpan<byte> pixels, ImageShape shape, PixelLayout layout)
    {
        shape.ThrowIfInvalid(nameof(shape));
        if (pixels.Length != shape.Length)
            throw new ArgumentException($"Expected {shape.Length} bytes for an image of {shape}, got {pixels.Length}.", nameof(pixels));
        Pixels = pixels;
        Shape = shape;
        Layout = layout;
    }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Pixels { get; }

    /// <summary>The extents.</summary>
    public ImageShape Shape { get; }

    /// <summary>The order of the bytes.</summary>
    public PixelLayout Layout { get; }
}
