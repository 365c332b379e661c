namespace NetGen;

/// <summary>
/// e to the mean of −ln softmax(scores)[class], of language models: as uncertain as among so many equally likely tokens. Tokens with the
/// label <see cref="ClassMetric.IgnoreIndex"/> do not count.
/// </summary>
public sealed class Perplexity : ClassMetric
{
    private double _sum;
    private long _all;

    /// <inheritdoc/>
    public override string Name => "perplexity";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public override double Value => Math.Exp(_sum / _all);

    /// <summary>Tokens that counted.</summary>
    public long Count => _all;

    /// <inheritdoc/>
    public override void Reset() => (_sum, _all) = (0, 0);

    /// <inheritdoc/>
    protected override void AddSample(ReadOnlySpan<float> scores, int label)
    {
        _sum -= LogSoftmax.At(scores, label);
        _all++;
    }
}
