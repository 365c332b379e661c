namespace NetGen;

/// <summary>A mean over the differences between outputs and the values they should have.</summary>
public abstract class DifferenceMetric : Metric
{
    private double _sum;
    private long _all;

    private protected DifferenceMetric()
    {
    }

    /// <inheritdoc/>
    public sealed override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public sealed override double Value => ValueOf(_sum / _all);

    /// <inheritdoc/>
    public sealed override void Reset() => (_sum, _all) = (0, 0);

    /// <inheritdoc/>
    public sealed override void Check(ReadOnlySpan<float> output, in Batch batch)
    {
        if (batch.Values.IsEmpty)
            throw new ArgumentException($"The metric {Name} needs values, but the source gives class indices.", nameof(batch));
        Check(output, batch.Values);
    }

    /// <inheritdoc/>
    public sealed override void Add(ReadOnlySpan<float> output, in Batch batch)
    {
        Check(output, batch);
        Add(output, batch.Values);
    }

    /// <summary>Takes some outputs.</summary>
    /// <param name="output">The outputs.</param>
    /// <param name="target">What they should be.</param>
    /// <exception cref="ArgumentException">The lengths differ; nothing was taken.</exception>
    public void Add(ReadOnlySpan<float> output, ReadOnlySpan<float> target)
    {
        Check(output, target);
        for (int i = 0; i < output.Length; i++)
            _sum += Term((double)output[i] - target[i]);
        _all += output.Length;
    }

    private void Check(ReadOnlySpan<float> output, ReadOnlySpan<float> target)
    {
        if (output.Length != target.Length)
            throw new ArgumentException($"The metric {Name}: expected as many values as there are outputs, {output.Length}, "
                + $"got {target.Length}.", nameof(target));
    }

    private protected abstract double Term(double difference);

    private protected virtual double ValueOf(double mean) => mean;
}

/// <summary>The mean of the squared differences over all elements.</summary>
public sealed class MeanSquaredError : DifferenceMetric
{
    /// <inheritdoc/>
    public override string Name => "mean squared error";

    private protected override double Term(double difference) => difference * difference;
}

/// <summary>The root of the mean of the squared differences over all elements, in the units of the values.</summary>
/// <remarks>Of several outputs it is one root over all, torchmetrics' default, not the mean of a root for each.</remarks>
public sealed class RootMeanSquaredError : DifferenceMetric
{
    /// <inheritdoc/>
    public override string Name => "root mean squared error";

    private protected override double Term(double difference) => difference * difference;

    private protected override double ValueOf(double mean) => Math.Sqrt(mean);
}

/// <summary>The mean of the absolute differences over all elements.</summary>
public sealed class MeanAbsoluteError : DifferenceMetric
{
    /// <inheritdoc/>
    public override string Name => "mean absolute error";

    private protected override double Term(double difference) => Math.Abs(difference);
}
