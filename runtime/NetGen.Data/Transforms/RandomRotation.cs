using System.Globalization;

namespace NetGen.Data;

/// <summary>
/// Turns images by a random angle, each of a range as likely as any other, about their middle. The size stays; corners that turn out of the
/// image are lost, and what is then empty is filled.
/// </summary>
public sealed class RandomRotation : PixelTransform
{
    private readonly double _from, _to;
    private readonly Interpolation _interpolation;
    private readonly byte _fill;

    /// <summary>A rotation by −degrees to degrees.</summary>
    /// <param name="degrees">The largest angle.</param>
    /// <param name="interpolation">What places between pixels become.</param>
    /// <param name="fill">What becomes of places outside of the image.</param>
    /// <exception cref="ArgumentOutOfRangeException">The angle is negative or not finite.</exception>
    public RandomRotation(double degrees, Interpolation interpolation = Interpolation.Nearest, byte fill = 0)
        : this(Around(degrees), interpolation, fill)
    {
    }

    /// <summary>A rotation.</summary>
    /// <param name="degrees">The range of angles, against the clock.</param>
    /// <param name="interpolation">What places between pixels become.</param>
    /// <param name="fill">What becomes of places outside of the image.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not one of finite angles.</exception>
    public RandomRotation((double From, double To) degrees, Interpolation interpolation = Interpolation.Nearest, byte fill = 0)
    {
        Ranges.Check(degrees, double.MinValue, nameof(degrees));
        (_from, _to) = degrees;
        _interpolation = interpolation;
        _fill = fill;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"RandomRotation(({_from}, {_to}){(_interpolation != 0 ? $", {_interpolation}" : "")}{(_fill != 0 ? $", fill: {_fill}" : "")})");

    internal override void Apply(ImageView image, Span<byte> result, ref SampleRandom random, PixelMemory memory)
        => Rotate(image, random.NextDouble(_from, _to), _interpolation, _fill, result);

    /// <summary>Turns an image as PIL's <c>rotate</c> does.</summary>
    internal static void Rotate(ImageView image, double degrees, Interpolation interpolation, byte fill, Span<byte> result)
    {
        degrees %= 360;
        double angle = -(degrees < 0 ? degrees + 360 : degrees) * (Math.PI / 180);
        double centreX = image.Shape.Width / 2.0, centreY = image.Shape.Height / 2.0;
        // Rounded, so that a quarter of a turn is one.
        double cos = Math.Round(Math.Cos(angle), 15), sin = Math.Round(Math.Sin(angle), 15);
        Span<double> map = [cos, sin, 0, -sin, cos, 0];
        map[2] = map[0] * -centreX + map[1] * -centreY + centreX;
        map[5] = map[3] * -centreX + map[4] * -centreY + centreY;
        AffinePass.Run(image, map, interpolation, fill, result);
    }

    private static (double, double) Around(double degrees) => degrees >= 0
        ? (-degrees, degrees)
        : throw new ArgumentOutOfRangeException(nameof(degrees), degrees, "A single angle is the largest one, and not negative.");
}
