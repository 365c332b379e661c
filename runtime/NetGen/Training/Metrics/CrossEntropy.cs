namespace NetGen;

/// <summary>
/// The mean of −ln softmax(scores)[class], computed in double: PyTorch's <c>cross_entropy</c> of logits, without weights and smoothing.
/// </summary>
public sealed class CrossEntropy : ClassMetric
{
    private double _sum;
    private long _all;

    /// <inheritdoc/>
    public override string Name => "loss";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public override double Value => _sum / _all;

    /// <inheritdoc/>
    public override void Reset() => (_sum, _all) = (0, 0);

    /// <inheritdoc/>
    protected override void AddSample(ReadOnlySpan<float> scores, int label)
    {
        _sum -= LogSoftmax.At(scores, label);
        _all++;
    }
}
