namespace NetGen.Data;

/// <summary>Exchanges top and bottom with a given probability.</summary>
public sealed class RandomVerticalFlip : WindowTransform
{
    private readonly double _p;

    /// <summary>A flip.</summary>
    /// <param name="p">Its probability.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not between 0 and 1.</exception>
    public RandomVerticalFlip(double p = 0.5) => _p = CheckProbability(p);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"RandomVerticalFlip({_p})");

    internal override void Apply(WindowMap map, ref SampleRandom random)
    {
        if (random.NextSingle() < _p)
            map.FlipVertical();
    }
}
