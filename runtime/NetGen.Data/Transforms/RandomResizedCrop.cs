namespace NetGen.Data;

/// <summary>
/// Cuts out a part of random size and shape at a random place, and resizes it as <see cref="Resize"/> does: what ImageNet's networks are
/// trained with.
/// </summary>
public sealed class RandomResizedCrop : PixelTransform
{
    private const int Tries = 10;

    private readonly ImageSize _size;
    private readonly (double From, double To) _scale, _ratio;

    /// <summary>A crop.</summary>
    /// <param name="size">Height and width of the result, or one number for both.</param>
    /// <param name="scale">The range of the part's area, as a share of the image's; null for (0.08, 1).</param>
    /// <param name="ratio">The range of the part's width divided by its height; null for (3/4, 4/3).</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1 × 1, or a range is not one of positive numbers.</exception>
    public RandomResizedCrop(ImageSize size, (double From, double To)? scale = null, (double From, double To)? ratio = null)
    {
        size.ThrowIfInvalid(nameof(size));
        _size = size;
        _scale = Ranges.Check(scale ?? (0.08, 1), double.Epsilon, nameof(scale));
        _ratio = Ranges.Check(ratio ?? (3.0 / 4, 4.0 / 3), double.Epsilon, nameof(ratio));
    }

    /// <inheritdoc/>
    public override string ToString() => $"RandomResizedCrop({_size}, scale: {Ranges.Text(_scale)}, ratio: {Ranges.Text(_ratio)})";

    internal override (int? Height, int? Width) SizeOf(int? height, int? width) => (_size.Height, _size.Width);

    internal override ImageShape ShapeOf(ImageShape image) => new(image.Channels, _size.Height, _size.Width);

    internal override void Apply(ImageView image, Span<byte> result, ref SampleRandom random, PixelMemory memory)
    {
        (int top, int left, int height, int width) = Choose(image.Shape.Height, image.Shape.Width, ref random);
        Crop(image, top, left, height, width, _size, result, memory);
    }

    /// <summary>The part that is cut out: ten are tried, and where none lies within the image, the largest in its middle.</summary>
    internal (int Top, int Left, int Height, int Width) Choose(int imageHeight, int imageWidth, ref SampleRandom random)
    {
        double area = (double)imageHeight * imageWidth, logFrom = Math.Log(_ratio.From), logTo = Math.Log(_ratio.To);
        for (int i = 0; i < Tries; i++)
        {
            double target = area * random.NextDouble(_scale.From, _scale.To), ratio = Math.Exp(random.NextDouble(logFrom, logTo));
            double w = Math.Round(Math.Sqrt(target * ratio)), h = Math.Round(Math.Sqrt(target / ratio));
            if (w > 0 && w <= imageWidth && h > 0 && h <= imageHeight)
                return (random.NextInt(imageHeight - (int)h + 1), random.NextInt(imageWidth - (int)w + 1), (int)h, (int)w);
        }
        int height = imageHeight, width = imageWidth;
        double whole = (double)imageWidth / imageHeight;
        if (whole < _ratio.From)
            height = Math.Clamp((int)Math.Round(width / _ratio.From), 1, imageHeight);
        else if (whole > _ratio.To)
            width = Math.Clamp((int)Math.Round(height * _ratio.To), 1, imageWidth);
        return ((imageHeight - height) / 2, (imageWidth - width) / 2, height, width);
    }

    /// <summary>What torchvision's <c>resized_crop</c> does to a PIL image.</summary>
    internal static void Crop(
        ImageView image, int top, int left, int height, int width, ImageSize size, Span<byte> result, PixelMemory memory)
    {
        (int channels, int imageHeight, int imageWidth) = image.Shape;
        bool planar = image.Layout == PixelLayout.Planar;
        int planes = planar ? channels : 1, pixel = planar ? 1 : channels;
        Span<byte> part = memory.Crop(channels * height * width);
        for (int row = 0; row < planes * height; row++)
        {
            int from = (row / height * imageHeight + top + row % height) * imageWidth + left;
            image.Pixels.Slice(from * pixel, width * pixel).CopyTo(part[(row * width * pixel)..]);
        }
        memory.Resizer.Resize(new ImageView(part, new ImageShape(channels, height, width), image.Layout), size.Height, size.Width, result);
    }
}
