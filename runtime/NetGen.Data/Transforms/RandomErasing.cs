using System.Globalization;

namespace NetGen.Data;

/// <summary>
/// Overwrites a random rectangle of what the network gets (Zhong et al., 2017). It comes last, behind <see cref="ToTensor"/> and
/// <see cref="Normalize"/>.
/// </summary>
public sealed class RandomErasing : Transform
{
    private const int Tries = 10;

    private readonly double _p;
    private readonly (double From, double To) _scale, _ratio;
    private readonly float[]? _value;

    /// <summary>Erases with numbers.</summary>
    /// <param name="p">The probability.</param>
    /// <param name="scale">The range of the rectangle's area, as a share of the image's; null for (0.02, 0.33).</param>
    /// <param name="ratio">The range of its height divided by its width, as torchvision has it; null for (0.3, 3.3).</param>
    /// <param name="value">What it is filled with: one number, or one for each channel; null for 0.</param>
    /// <exception cref="ArgumentException">
    /// The probability or a share is not between 0 and 1, a range is not one of positive numbers, or a value is not finite.
    /// </exception>
    public RandomErasing(
        double p = 0.5, (double From, double To)? scale = null, (double From, double To)? ratio = null, float[]? value = null)
        : this(p, scale, ratio, value is null ? [0] : [.. value], isRandom: false)
    {
    }

    private RandomErasing(double p, (double From, double To)? scale, (double From, double To)? ratio, float[] value, bool isRandom)
    {
        _p = CheckProbability(p);
        _scale = Ranges.Check(scale ?? (0.02, 0.33), 0, nameof(scale), 1);
        _ratio = Ranges.Check(ratio ?? (0.3, 3.3), double.Epsilon, nameof(ratio));
        if (!isRandom && (value.Length == 0 || !Array.TrueForAll(value, float.IsFinite)))
            throw new ArgumentException("Expected one finite value, or one for each channel.", nameof(value));
        _value = isRandom ? null : value;
    }

    /// <summary>Erases with normal noise of mean 0 and deviation 1: torchvision's <c>value="random"</c>.</summary>
    /// <param name="p">The probability.</param>
    /// <param name="scale">The range of the rectangle's area, as a share of the image's; null for (0.02, 0.33).</param>
    /// <param name="ratio">The range of its height divided by its width; null for (0.3, 3.3).</param>
    /// <exception cref="ArgumentException">
    /// The probability or a share is not between 0 and 1, or a range is not one of positive numbers.
    /// </exception>
    public static RandomErasing WithNoise(double p = 0.5, (double From, double To)? scale = null, (double From, double To)? ratio = null)
        => new(p, scale, ratio, [], isRandom: true);

    /// <inheritdoc/>
    public override string ToString()
    {
        string value = _value is null ? "noise" : $"value: [{string.Join(", ", _value.Select(Text))}]";
        return string.Create(CultureInfo.InvariantCulture,
            $"RandomErasing({_p}, scale: {Ranges.Text(_scale)}, ratio: {Ranges.Text(_ratio)}, {value})");
    }

    internal override void AddTo(TransformPlan.Builder plan) => plan.AddErasing(this);

    internal void CheckChannels(int channels)
    {
        if (_value is { Length: > 1 } && _value.Length != channels)
            throw new ArgumentException($"{this}: expected 1 value, or {channels}, one for each channel, got {_value.Length}.");
    }

    internal void Apply(Span<float> values, ImageShape shape, ref SampleRandom random)
    {
        if (random.NextSingle() >= _p)
            return;
        (int top, int left, int height, int width) = Choose(shape, ref random);
        for (int row = 0; row < shape.Channels * height; row++)
        {
            int channel = row / height;
            Span<float> erased = values.Slice((channel * shape.Height + top + row % height) * shape.Width + left, width);
            if (_value is not null)
                erased.Fill(_value[_value.Length == 1 ? 0 : channel]);
            else
            {
                foreach (ref float value in erased)
                    value = (float)random.NextNormal();
            }
        }
    }

    /// <summary>The rectangle; ten are tried, and where none is smaller than the image in both extents, nothing is erased.</summary>
    internal (int Top, int Left, int Height, int Width) Choose(ImageShape shape, ref SampleRandom random)
    {
        double area = (double)shape.Height * shape.Width, logFrom = Math.Log(_ratio.From), logTo = Math.Log(_ratio.To);
        for (int i = 0; i < Tries; i++)
        {
            double target = area * random.NextDouble(_scale.From, _scale.To), ratio = Math.Exp(random.NextDouble(logFrom, logTo));
            double height = Math.Round(Math.Sqrt(target * ratio)), width = Math.Round(Math.Sqrt(target / ratio));
            if (height < shape.Height && width < shape.Width)
            {
                return (random.NextInt(shape.Height - (int)height + 1), random.NextInt(shape.Width - (int)width + 1), (int)height,
                    (int)width);
            }
        }
        return default;
    }
}
