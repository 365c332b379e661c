namespace NetGen.Data;

/// <summary>Exchanges left and right with a given probability.</summary>
public sealed class RandomHorizontalFlip : WindowTransform
{
    private readonly double _p;

    /// <summary>A flip.</summary>
    /// <param name="p">Its probability.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not between 0 and 1.</exception>
    public RandomHorizontalFlip(double p = 0.5) => _p = CheckProbability(p);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"RandomHorizontalFlip({_p})");

    internal override void Apply(WindowMap map, ref SampleRandom random)
    {
        if (random.NextSingle() < _p)
            map.FlipHorizontal();
    }
}
