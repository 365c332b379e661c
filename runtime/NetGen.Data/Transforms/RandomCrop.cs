using System.Globalization;

namespace NetGen.Data;

/// <summary>Cuts out a window at a random place, each place as likely as any other, of the image with padding around it.</summary>
public sealed class RandomCrop : WindowTransform
{
    private readonly ImageSize _size;
    private readonly int _padding;
    private readonly bool _padIfNeeded;
    private readonly float _fill;

    /// <summary>A crop.</summary>
    /// <param name="size">Height and width, or one number for both.</param>
    /// <param name="padding">Rows and columns added on each side before.</param>
    /// <param name="padIfNeeded">Whether an image smaller than the crop is padded until it is large enough; else it is an error.</param>
    /// <param name="fill">The value of what is added: a byte before <see cref="ToTensor"/>, a value after it.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The size is below 1 × 1, the padding is negative, or the fill is not finite.
    /// </exception>
    public RandomCrop(ImageSize size, int padding = 0, bool padIfNeeded = false, float fill = 0)
    {
        size.ThrowIfInvalid(nameof(size));
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        if (!float.IsFinite(fill))
            throw new ArgumentOutOfRangeException(nameof(fill), fill, "Expected a finite value.");
        _size = size;
        _padding = padding;
        _padIfNeeded = padIfNeeded;
        _fill = fill;
    }

    internal override bool MayRefuse => !_padIfNeeded;

    internal override float? Fill => _padding > 0 || _padIfNeeded ? _fill : null;

    /// <inheritdoc/>
    public override string ToString()
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"RandomCrop({_size}{(_padding > 0 ? $", padding: {_padding}" : "")}");
        return $"{text}{(_padIfNeeded ? ", padIfNeeded: true" : "")}{(_fill != 0 ? $", fill: {Text(_fill)}" : "")})";
    }

    internal override (int? Height, int? Width) SizeOf(int? height, int? width)
    {
        if (!_padIfNeeded && (height + 2L * _padding < _size.Height || width + 2L * _padding < _size.Width))
            throw new ArgumentException(TooSmall(height, width));
        return (_size.Height, _size.Width);
    }

    internal override void Apply(WindowMap map, ref SampleRandom random)
    {
        int top = First(map.Height, _size.Height, ref random, map), left = First(map.Width, _size.Width, ref random, map);
        map.Crop(top, left, _size.Height, _size.Width, Fill is not null);
    }

    private int First(int extent, int wanted, ref SampleRandom random, WindowMap map)
    {
        int padding = _padding;
        if (extent + 2L * padding < wanted)
        {
            if (!_padIfNeeded)
                throw new InvalidOperationException(TooSmall(map.Height, map.Width));
            // As torchvision has it: what is missing is added on both sides.
            padding += wanted - (extent + 2 * padding);
        }
        return random.NextInt(extent + 2 * padding - wanted + 1) - padding;
    }

    private string TooSmall(int? height, int? width) =>
        string.Create(
            CultureInfo.InvariantCulture, $"{this}: an image of {height} × {width}, with {_padding} more on each side, is smaller "
            + $"than the crop of {_size.Height} × {_size.Width}.");
}
