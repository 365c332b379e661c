namespace NetGen;

/// <summary>The share of samples whose class has the largest score.</summary>
/// <remarks>Of equal scores that of the lower index is the larger one; NaN is larger than every number, as in PyTorch.</remarks>
public sealed class Accuracy : ClassMetric
{
    private long _right, _all;

    /// <inheritdoc/>
    public override string Name => "accuracy";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override double Value => (double)_right / _all;

    /// <summary>Samples that counted.</summary>
    public long Count => _all;

    /// <inheritdoc/>
    public override void Reset() => _right = _all = 0;

    /// <inheritdoc/>
    protected override void AddSample(ReadOnlySpan<float> scores, int label)
    {
        if (ArgMax(scores) == label)
            _right++;
        _all++;
    }
}
