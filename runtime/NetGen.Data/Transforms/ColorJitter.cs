namespace NetGen.Data;

/// <summary>
/// Changes brightness, contrast, saturation and hue at random, in an order drawn anew for each image, with PIL's arithmetic and roundings.
/// Images in grey have neither saturation nor hue, and keep theirs.
/// </summary>
public sealed class ColorJitter : PixelTransform
{
    private readonly (double From, double To)? _brightness, _contrast, _saturation, _hue;

    /// <summary>
    /// Changes by factors from 1 − x, and not below 0, to 1 + x; the hue by shares from −hue to hue of the circle of colours.
    /// </summary>
    /// <param name="brightness">For the brightness; 0 leaves it.</param>
    /// <param name="contrast">For the contrast; 0 leaves it.</param>
    /// <param name="saturation">For the saturation; 0 leaves it.</param>
    /// <param name="hue">0 to 0.5; 0 leaves it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative or not finite, or the hue is above 0.5.</exception>
    public ColorJitter(double brightness = 0, double contrast = 0, double saturation = 0, double hue = 0)
        : this(AroundOne(brightness, nameof(brightness)), AroundOne(contrast, nameof(contrast)), AroundOne(saturation, nameof(saturation)),
            Around(hue))
    {
    }

    /// <summary>Changes by factors of ranges; the hue by shares of the circle of colours.</summary>
    /// <param name="brightness">The range for the brightness, from 0; null leaves it.</param>
    /// <param name="contrast">The range for the contrast, from 0; null leaves it.</param>
    /// <param name="saturation">The range for the saturation, from 0; null leaves it.</param>
    /// <param name="hue">The range for the hue, within −0.5 to 0.5; null leaves it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A range is not one of such numbers.</exception>
    public ColorJitter((double From, double To)? brightness, (double From, double To)? contrast, (double From, double To)? saturation,
        (double From, double To)? hue)
    {
        _brightness = Factors(brightness, nameof(brightness));
        _contrast = Factors(contrast, nameof(contrast));
        _saturation = Factors(saturation, nameof(saturation));
        if (hue is { } shares)
            Ranges.Check(shares, -0.5, nameof(hue), 0.5);
        _hue = hue == (0, 0) ? null : hue;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var ranges = new List<string>();
        Add("brightness", _brightness);
        Add("contrast", _contrast);
        Add("saturation", _saturation);
        Add("hue", _hue);
        return $"ColorJitter({string.Join(", ", ranges)})";

        void Add(string name, (double, double)? range)
        {
            if (range is { } told)
                ranges.Add($"{name}: {Ranges.Text(told)}");
        }
    }

    internal override int ChannelsOf(int channels) => channels is 1 or 3
        ? channels : throw new ArgumentException($"{this}: expected images of 1 channel (grey) or 3 (RGB), got {channels}.");

    internal override void Apply(ImageView image, Span<byte> result, ref SampleRandom random, PixelMemory memory)
    {
        image.Pixels.CopyTo(result);
        Span<int> order = stackalloc int[4];
        random.Permute(order);
        // All are drawn, so that leaving one out changes no other.
        double brightness = Draw(_brightness, ref random), contrast = Draw(_contrast, ref random);
        double saturation = Draw(_saturation, ref random), hue = Draw(_hue, ref random);
        foreach (int step in order)
        {
            switch (step)
            {
                case 0 when _brightness is not null:
                    PixelColours.Brighten(result, (float)brightness);
                    break;
                case 1 when _contrast is not null:
                    PixelColours.Contrast(result, image.Shape, image.Layout, (float)contrast);
                    break;
                case 2 when _saturation is not null:
                    PixelColours.Saturate(result, image.Shape, image.Layout, (float)saturation);
                    break;
                case 3 when _hue is not null:
                    PixelColours.TurnHue(result, image.Shape, image.Layout, hue);
                    break;
            }
        }
    }

    private static double Draw((double From, double To)? range, ref SampleRandom random)
    {
        (double from, double to) = range ?? (0, 0);
        return random.NextDouble(from, to);
    }

    private static (double, double)? AroundOne(double x, string parameter)
    {
        if (!(x >= 0 && double.IsFinite(x)))
            throw new ArgumentOutOfRangeException(parameter, x, "A single number is the largest change, finite and not negative.");
        return x == 0 ? null : (Math.Max(0, 1 - x), 1 + x);
    }

    private static (double, double)? Around(double hue)
    {
        if (hue is not (>= 0 and <= 0.5))
            throw new ArgumentOutOfRangeException(nameof(hue), hue, "Expected a largest change of hue from 0 to 0.5.");
        return hue == 0 ? null : (-hue, hue);
    }

    private static (double, double)? Factors((double From, double To)? range, string parameter)
    {
        if (range is { } factors)
            Ranges.Check(factors, 0, parameter);
        return range == (1, 1) ? null : range;
    }
}
