using System.Globalization;

namespace NetGen.Data;

/// <summary>
/// Resizes by the triangle filter (bilinear) with antialiasing: what torchvision's <c>Resize</c> does to a PIL image, to the bit. Going
/// down, the filter is as wide as the scale, so that every pixel counts; bytes are rounded after the horizontal and after the vertical
/// pass. Before <see cref="ToTensor"/>.
/// </summary>
public sealed class Resize : PixelTransform
{
    private readonly int? _shorter;
    private readonly ImageSize _size;

    /// <summary>Makes the shorter edge so long and keeps the aspect ratio; the longer edge is rounded down.</summary>
    /// <param name="size">Length of the shorter edge.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public Resize(int size)
    {
        ((ImageSize)size).ThrowIfInvalid(nameof(size));
        _shorter = size;
    }

    /// <summary>Makes images of one size, whatever becomes of their aspect ratio.</summary>
    /// <param name="size">Height and width.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1 × 1.</exception>
    public Resize(ImageSize size)
    {
        size.ThrowIfInvalid(nameof(size));
        _size = size;
    }

    /// <inheritdoc/>
    public override string ToString() => _shorter is { } edge
        ? string.Create(CultureInfo.InvariantCulture, $"Resize({edge})")
        : string.Create(CultureInfo.InvariantCulture, $"Resize(({_size.Height}, {_size.Width}))");

    internal override (int? Height, int? Width) SizeOf(int? height, int? width)
    {
        ImageSize? size = Size(height, width);
        return (size?.Height, size?.Width);
    }

    internal override ImageShape ShapeOf(ImageShape image)
    {
        ImageSize size = Size(image.Height, image.Width)!.Value;
        return new ImageShape(image.Channels, size.Height, size.Width);
    }

    internal override void Apply(ImageView image, Span<byte> result, ref SampleRandom random, PixelMemory memory)
    {
        ImageSize size = Size(image.Shape.Height, image.Shape.Width)!.Value;
        memory.Resizer.Resize(image, size.Height, size.Width, result);
    }

    /// <summary>The size that an image gets; null where that depends on a size that is not known.</summary>
    private ImageSize? Size(int? height, int? width)
    {
        if (_shorter is not { } edge)
            return _size;
        if (height is not { } h || width is not { } w)
            return null;
        int longer = (int)Math.Min((double)edge * Math.Max(h, w) / Math.Min(h, w), int.MaxValue);
        return h <= w ? new ImageSize(edge, longer) : new ImageSize(longer, edge);
    }
}
