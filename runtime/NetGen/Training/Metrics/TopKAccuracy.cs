namespace NetGen;

/// <summary>The share of samples whose class has the largest score, or one of the k largest.</summary>
/// <remarks>Of equal scores that of the lower index is the larger one; NaN is larger than every number, as in PyTorch.</remarks>
/// <param name="k">How many of the largest scores count.</param>
/// <exception cref="ArgumentOutOfRangeException">k is below 1.</exception>
public sealed class TopKAccuracy(int k) : ClassMetric
{
    private long _right, _all;

    /// <summary>How many of the largest scores count.</summary>
    public int K { get; } = k >= 1 ? k : throw new ArgumentOutOfRangeException(nameof(k), k, "Expected at least 1.");

    /// <inheritdoc/>
    public override string Name { get; } = k == 1
        ? "accuracy" : $"top-{k.ToString(System.Globalization.CultureInfo.InvariantCulture)} accuracy";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override double Value => (double)_right / _all;

    /// <summary>Samples that counted.</summary>
    public long Count => _all;

    /// <inheritdoc/>
    public override void Reset() => _right = _all = 0;

    /// <inheritdoc/>
    protected override void CheckClasses(int classes)
    {
        if (classes < K)
            throw new ArgumentException($"The metric {Name} needs at least {K} classes, but there are {classes} scores for each sample.");
    }

    /// <inheritdoc/>
    protected override void AddSample(ReadOnlySpan<float> scores, int label)
    {
        int before = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            if (i < label ? !IsLarger(scores[label], scores[i]) : IsLarger(scores[i], scores[label]))
                before++;
        }
        if (before < K)
            _right++;
        _all++;
    }
}
