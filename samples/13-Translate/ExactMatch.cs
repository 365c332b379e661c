namespace NetGen.Samples;

/// <summary>
/// The share of dates of which every character has the largest score, given the right ones before it. Those are the dates that a decoder
/// writes rightly which takes the largest score each time: up to its first mistake it is given the same.
/// </summary>
internal sealed class ExactMatch : Metric
{
    private long _right, _all;

    public override string Name => "exact match";

    public override bool HigherIsBetter => true;

    public override double Value => (double)_right / _all;

    public override void Reset() => _right = _all = 0;

    public override void Check(ReadOnlySpan<float> output, in Batch batch)
    {
        // A sample is what has a class of its own: a character, not a date.
        if (batch.Labels.Length % IsoDate.Length != 0 || output.Length != batch.Labels.Length * IsoDate.Characters)
        {
            throw new ArgumentException($"Expected {IsoDate.Length} characters for each date and {IsoDate.Characters} scores for each "
                + $"character, got {batch.Labels.Length} and {output.Length} scores.", nameof(batch));
        }
    }

    public override void Add(ReadOnlySpan<float> output, in Batch batch)
    {
        Check(output, batch);
        for (int start = 0; start < batch.Labels.Length; start += IsoDate.Length)
        {
            bool isRight = true;
            for (int at = start; at < start + IsoDate.Length; at++)
            {
                isRight &= ClassMetric.ArgMax(output.Slice(at * IsoDate.Characters, IsoDate.Characters)) == batch.Labels[at];
            }

            _right += isRight ? 1 : 0;
            _all++;
        }
    }
}
