namespace NetGen.Data;

/// <summary>
/// Puts a rectangle of the image before it, at the same place, into each image of a batch, and mixes the targets by the areas (Yun et al.,
/// 2019); torchvision's <c>CutMix</c>.
/// </summary>
public sealed class CutMix : BatchMixing
{
    private readonly ImageShape _shape;

    /// <summary>Mixes the batches of a source.</summary>
    /// <param name="source">Gives images with class indices, or with shares of classes.</param>
    /// <param name="shape">What an image measures: <see cref="DataLoader.SampleShape"/>.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="alpha">The share of the area that is kept is drawn from Beta(α, α).</param>
    /// <param name="seed">With epoch and batch, decides the rectangles.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public CutMix(IBatchSource source, ImageShape shape, int classes, double alpha = 1, ulong seed = 0)
        : base(source, classes, alpha, seed)
    {
        shape.ThrowIfInvalid(nameof(shape));
        _shape = shape;
    }

    /// <summary>
    /// The rectangle, right and bottom excluded: so large a part of the image, about a random middle, as far as it lies within.
    /// </summary>
    internal static (int Left, int Top, int Right, int Bottom) Box(ImageShape shape, double share, int middleX, int middleY)
    {
        double half = 0.5 * Math.Sqrt(1 - share);
        int halfWidth = (int)(half * shape.Width), halfHeight = (int)(half * shape.Height);
        return (Math.Max(middleX - halfWidth, 0), Math.Max(middleY - halfHeight, 0), Math.Min(middleX + halfWidth, shape.Width),
            Math.Min(middleY + halfHeight, shape.Height));
    }

    private protected override double Mix(ReadOnlySpan<float> samples, int count, double share, ref SampleRandom random, Span<float> mixed)
    {
        int length = _shape.Length;
        if (samples.Length != count * length)
            throw new InvalidOperationException($"CutMix: expected {count} images of {_shape}, {count * length} values, got "
                + $"{samples.Length}.");
        (int left, int top, int right, int bottom) = Box(_shape, share, random.NextInt(_shape.Width), random.NextInt(_shape.Height));
        samples.CopyTo(mixed);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> before = samples.Slice((i + count - 1) % count * length, length);
            for (int c = 0; c < _shape.Channels; c++)
            {
                for (int y = top; y < bottom; y++)
                {
                    int at = (c * _shape.Height + y) * _shape.Width;
                    before[(at + left)..(at + right)].CopyTo(mixed[(i * length + at + left)..]);
                }
            }
        }
        return 1 - (double)(right - left) * (bottom - top) / ((double)_shape.Width * _shape.Height);
    }
}
