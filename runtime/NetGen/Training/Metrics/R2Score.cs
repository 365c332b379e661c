namespace NetGen;

/// <summary>
/// The coefficient of determination, 1 − Σ(target − output)² / Σ(target − mean target)²: 1 for outputs that are right, 0 for those that are
/// no better than the mean, below for worse. scikit-learn's <c>r2_score</c>.
/// </summary>
/// <remarks>
/// Of several outputs it is the mean of the values of each, scikit-learn's <c>uniform_average</c>; the indexer has them one by one. Where
/// all targets of an output are equal, its value is 1 if all outputs are right and 0 otherwise, as there. Of fewer than two samples the
/// value is NaN. The first batch after <see cref="Reset"/> decides how many outputs there are, and memory for so many is all that is
/// allocated.
/// </remarks>
public sealed class R2Score : Metric
{
    // Of each output: its first target, from which the others are counted, so that nothing is lost of targets far from 0; the mean of the
    // targets, the squares around it, and the squared differences from the outputs.
    private double[] _origins = [], _means = [], _squares = [], _differences = [];

    /// <inheritdoc/>
    public override string Name => "R2";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <summary>Samples that counted.</summary>
    public long Count { get; private set; }

    /// <summary>How many outputs a sample has; 0 before the first.</summary>
    public int Outputs => Count == 0 ? 0 : _means.Length;

    /// <inheritdoc/>
    public override double Value
    {
        get
        {
            double sum = 0;
            for (int i = 0; i < Outputs; i++)
                sum += this[i];
            return sum / Outputs;
        }
    }

    /// <summary>The value of one output.</summary>
    /// <param name="output">Which output, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such output, or no sample yet.</exception>
    public double this[int output]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)output, (uint)Outputs, nameof(output));
            if (Count < 2)
                return double.NaN;
            double difference = _differences[output], square = _squares[output];
            return square != 0 ? 1 - difference / square : difference == 0 ? 1 : 0;
        }
    }

    /// <inheritdoc/>
    public override void Reset() => Count = 0;

    /// <inheritdoc/>
    public override void Check(ReadOnlySpan<float> output, in Batch batch)
    {
        if (batch.Values.IsEmpty)
            throw new ArgumentException($"The metric {Name} needs values, but the source gives class indices.", nameof(batch));
        Check(output, batch.Values, batch.Count);
    }

    /// <inheritdoc/>
    public override void Add(ReadOnlySpan<float> output, in Batch batch)
    {
        Check(output, batch);
        Add(output, batch.Values, batch.Count);
    }

    /// <summary>Takes some samples.</summary>
    /// <param name="output">The outputs, sample after sample.</param>
    /// <param name="target">What they should be.</param>
    /// <param name="count">How many samples.</param>
    /// <exception cref="ArgumentException">
    /// The lengths differ, or are not as many for each sample, or not as many as before; nothing was taken.
    /// </exception>
    public void Add(ReadOnlySpan<float> output, ReadOnlySpan<float> target, int count)
    {
        Check(output, target, count);
        if (Count > 0 && output.Length / count != _means.Length)
            throw new ArgumentException($"The metric {Name} has samples of {_means.Length} outputs, got {output.Length / count}: "
                + $"{nameof(Reset)} forgets them.", nameof(output));
        if (Count == 0)
            Begin(target[..(target.Length / count)]);
        for (int sample = 0; sample < count; sample++)
        {
            Count++;
            for (int i = 0; i < _means.Length; i++)
            {
                int place = sample * _means.Length + i;
                double wrong = (double)target[place] - output[place], value = target[place] - _origins[i];
                _differences[i] += wrong * wrong;
                // Welford's recursion.
                double before = value - _means[i];
                _means[i] += before / Count;
                _squares[i] += before * (value - _means[i]);
            }
        }
    }

    private void Begin(ReadOnlySpan<float> first)
    {
        int outputs = first.Length;
        if (_means.Length != outputs)
        {
            (_origins, _means) = (new double[outputs], new double[outputs]);
            (_squares, _differences) = (new double[outputs], new double[outputs]);
        }
        for (int i = 0; i < outputs; i++)
            _origins[i] = first[i];
        Array.Clear(_means);
        Array.Clear(_squares);
        Array.Clear(_differences);
    }

    private void Check(ReadOnlySpan<float> output, ReadOnlySpan<float> target, int count)
    {
        if (output.Length != target.Length)
            throw new ArgumentException($"The metric {Name}: expected as many values as there are outputs, {output.Length}, "
                + $"got {target.Length}.", nameof(target));
        if (count < 1 || output.Length == 0 || output.Length % count != 0)
            throw new ArgumentException($"The metric {Name}: expected as many outputs for each of {count} samples, "
                + $"got {output.Length} in all.", nameof(output));
    }
}
