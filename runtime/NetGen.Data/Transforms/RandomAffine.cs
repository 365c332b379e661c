namespace NetGen.Data;

/// <summary>Turns, moves, scales and shears images at random, about their middle. The size stays.</summary>
public sealed class RandomAffine : PixelTransform
{
    private readonly (double From, double To) _degrees, _shearX, _shearY;
    private readonly (double X, double Y)? _translate;
    private readonly (double From, double To)? _scale;
    private readonly Interpolation _interpolation;
    private readonly byte _fill;

    /// <summary>An affine map.</summary>
    /// <param name="degrees">
    /// The range of angles. Unlike those of <see cref="RandomRotation"/> they are with the clock, as torchvision has it.
    /// </param>
    /// <param name="translate">The largest shift, as a share of the width and of the height, 0 to 1; null for none.</param>
    /// <param name="scale">The range of factors; null for 1.</param>
    /// <param name="shear">
    /// Angles: two numbers are the range along rows, four that and the one along columns; null for none.
    /// </param>
    /// <param name="interpolation">What places between pixels become.</param>
    /// <param name="fill">What becomes of places outside of the image.</param>
    /// <exception cref="ArgumentException">
    /// A range is not one of finite numbers, a shift is not from 0 to 1, a factor is not positive, or angles of shear are not two or four.
    /// </exception>
    public RandomAffine((double From, double To) degrees, (double X, double Y)? translate = null, (double From, double To)? scale = null,
        double[]? shear = null, Interpolation interpolation = Interpolation.Nearest, byte fill = 0)
    {
        _degrees = Ranges.Check(degrees, double.MinValue, nameof(degrees));
        if (translate is { } shift && !(shift.X is >= 0 and <= 1 && shift.Y is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(translate),
                FormattableString.Invariant($"Expected shares from 0 to 1, got ({shift.X}, {shift.Y})."));
        _translate = translate;
        if (scale is { } factors)
            Ranges.Check(factors, double.Epsilon, nameof(scale));
        _scale = scale;
        if (shear is not null and not { Length: 2 or 4 })
            throw new ArgumentException($"Expected two angles, along rows, or four, got {shear.Length}.", nameof(shear));
        if (shear is not null)
            _shearX = Ranges.Check((shear[0], shear[1]), double.MinValue, nameof(shear));
        if (shear is { Length: 4 })
            _shearY = Ranges.Check((shear[2], shear[3]), double.MinValue, nameof(shear));
        _interpolation = interpolation;
        _fill = fill;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string text = $"RandomAffine({Ranges.Text(_degrees)}";
        if (_translate is { } shift)
            text += $", translate: {Ranges.Text(shift)}";
        if (_scale is { } scale)
            text += $", scale: {Ranges.Text(scale)}";
        if (_shearX != default || _shearY != default)
            text += $", shear: [{Ranges.Text(_shearX)}, {Ranges.Text(_shearY)}]";
        return $"{text}{(_interpolation != 0 ? $", {_interpolation}" : "")}{(_fill != 0 ? $", fill: {_fill}" : "")})";
    }

    internal override void Apply(ImageView image, Span<byte> result, ref SampleRandom random, PixelMemory memory)
    {
        double angle = random.NextDouble(_degrees.From, _degrees.To), x = 0, y = 0, scale = 1;
        if (_translate is { } most)
        {
            double mostX = most.X * image.Shape.Width, mostY = most.Y * image.Shape.Height;
            x = Math.Round(random.NextDouble(-mostX, mostX));
            y = Math.Round(random.NextDouble(-mostY, mostY));
        }
        if (_scale is { } factors)
            scale = random.NextDouble(factors.From, factors.To);
        double shearX = random.NextDouble(_shearX.From, _shearX.To), shearY = random.NextDouble(_shearY.From, _shearY.To);
        Map(image, angle, (x, y), scale, (shearX, shearY), _interpolation, _fill, result);
    }

    /// <summary>What torchvision's <c>affine</c> does to a PIL image.</summary>
    internal static void Map(ImageView image, double degrees, (double X, double Y) translate, double scale, (double X, double Y) shear,
        Interpolation interpolation, byte fill, Span<byte> result)
    {
        const double Degree = Math.PI / 180;
        double turn = degrees * Degree, shearX = shear.X * Degree, shearY = shear.Y * Degree;
        double centreX = image.Shape.Width * 0.5, centreY = image.Shape.Height * 0.5;

        // A rotation after two shears, and the inverse of it: pixels are told where they come from.
        double a = Math.Cos(turn - shearY) / Math.Cos(shearY);
        double b = -Math.Cos(turn - shearY) * Math.Tan(shearX) / Math.Cos(shearY) - Math.Sin(turn);
        double c = Math.Sin(turn - shearY) / Math.Cos(shearY);
        double d = -Math.Sin(turn - shearY) * Math.Tan(shearX) / Math.Cos(shearY) + Math.Cos(turn);
        Span<double> map = [d / scale, -b / scale, 0, -c / scale, a / scale, 0];
        map[2] = map[0] * (-centreX - translate.X) + map[1] * (-centreY - translate.Y) + centreX;
        map[5] = map[3] * (-centreX - translate.X) + map[4] * (-centreY - translate.Y) + centreY;
        AffinePass.Run(image, map, interpolation, fill, result);
    }
}
