namespace NetGen.TensorBoard;

/// <summary>Which values become black and white.</summary>
public readonly record struct ImageRange
{
    /// <summary>Two values.</summary>
    /// <param name="low">What becomes black, and all below.</param>
    /// <param name="high">What becomes white, and all above.</param>
    /// <exception cref="ArgumentException">They are not finite, or not in order.</exception>
    public ImageRange(float low, float high)
    {
        if (!float.IsFinite(low) || !float.IsFinite(high) || low >= high)
            throw new ArgumentException(
                FormattableString.Invariant($"Expected two finite numbers, the smaller first, got {low} and {high}."));
        Limits = (low, high);
    }

    /// <summary>From the smallest to the largest value there is.</summary>
    public static ImageRange Full => default;

    /// <summary>From 0 to 1.</summary>
    public static ImageRange Unit { get; } = new(0, 1);

    internal (float Low, float High)? Limits { get; }
}
