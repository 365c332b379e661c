namespace NetGen;

/// <summary>A metric of samples that are taken for a class where its probability is above a threshold.</summary>
/// <remarks>
/// As in scikit-learn a share of nothing is 0: the precision where no sample was taken for the class, the recall where none is of it. A
/// score that is NaN is not above the threshold.
/// </remarks>
public abstract class BinaryThresholdMetric : BinaryMetric
{
    private readonly BinaryScores _scores;
    private readonly double _least;

    private protected BinaryThresholdMetric(BinaryScores scores, double threshold)
    {
        if (scores is not (BinaryScores.Logits or BinaryScores.Probabilities))
            throw new ArgumentOutOfRangeException(nameof(scores), scores, "Expected Logits or Probabilities.");
        if (!(threshold is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "Expected a probability, from 0 to 1.");
        _scores = scores;
        Threshold = threshold;
        // σ(x) > p where x > log(p / (1 − p)): −∞ and ∞ at the ends.
        _least = scores == BinaryScores.Logits ? Math.Log(threshold / (1 - threshold)) : threshold;
    }

    /// <summary>Samples with a probability above it are taken for the class.</summary>
    public double Threshold { get; }

    /// <inheritdoc/>
    public sealed override bool HigherIsBetter => true;

    /// <summary>Samples of the class that were taken for it.</summary>
    public long TruePositives { get; private set; }

    /// <summary>Samples that were taken for the class and are not of it.</summary>
    public long FalsePositives { get; private set; }

    /// <summary>Samples that are not of the class and were not taken for it.</summary>
    public long TrueNegatives { get; private set; }

    /// <summary>Samples of the class that were not taken for it.</summary>
    public long FalseNegatives { get; private set; }

    /// <summary>Samples that counted.</summary>
    public long Count => TruePositives + FalsePositives + TrueNegatives + FalseNegatives;

    /// <inheritdoc/>
    public sealed override void Reset() => TruePositives = FalsePositives = TrueNegatives = FalseNegatives = 0;

    private protected sealed override double ScoreOf(float negative, float positive)
        => _scores == BinaryScores.Logits ? (double)positive - negative : positive;

    private protected sealed override void CheckScores(ReadOnlySpan<float> output)
    {
        if (_scores == BinaryScores.Logits)
            return;
        foreach (float score in output)
        {
            if (score is < 0 or > 1)
                throw new ArgumentException($"The metric {Name} is of probabilities, from 0 to 1, but a score is {score}: "
                    + $"of logits it takes {nameof(BinaryScores)}.{nameof(BinaryScores.Logits)}.", nameof(output));
        }
    }

    private protected sealed override void AddSample(double score, bool isPositive)
    {
        if (score > _least)
        {
            if (isPositive)
                TruePositives++;
            else
                FalsePositives++;
        }
        else if (isPositive)
        {
            FalseNegatives++;
        }
        else
        {
            TrueNegatives++;
        }
    }

    /// <summary>A share; 0 of nothing, and NaN before the first sample.</summary>
    private protected double Share(double part, double all) => Count == 0 ? double.NaN : all == 0 ? 0 : part / all;
}

/// <summary>The share of samples that are rightly taken for a class or not: scikit-learn's <c>accuracy_score</c>.</summary>
/// <param name="scores">What the outputs are.</param>
/// <param name="threshold">The probability above which a sample is taken for the class.</param>
/// <exception cref="ArgumentOutOfRangeException">The threshold is no probability.</exception>
public sealed class BinaryAccuracy(BinaryScores scores, double threshold = 0.5) : BinaryThresholdMetric(scores, threshold)
{
    /// <inheritdoc/>
    public override string Name => "accuracy";

    /// <inheritdoc/>
    public override double Value => Share(TruePositives + TrueNegatives, Count);
}

/// <summary>Of the samples that are taken for a class the share that is of it: scikit-learn's <c>precision_score</c>.</summary>
/// <param name="scores">What the outputs are.</param>
/// <param name="threshold">The probability above which a sample is taken for the class.</param>
/// <exception cref="ArgumentOutOfRangeException">The threshold is no probability.</exception>
public sealed class BinaryPrecision(BinaryScores scores, double threshold = 0.5) : BinaryThresholdMetric(scores, threshold)
{
    /// <inheritdoc/>
    public override string Name => "precision";

    /// <inheritdoc/>
    public override double Value => Share(TruePositives, TruePositives + FalsePositives);
}

/// <summary>Of the samples of a class the share that is taken for it: scikit-learn's <c>recall_score</c>.</summary>
/// <param name="scores">What the outputs are.</param>
/// <param name="threshold">The probability above which a sample is taken for the class.</param>
/// <exception cref="ArgumentOutOfRangeException">The threshold is no probability.</exception>
public sealed class BinaryRecall(BinaryScores scores, double threshold = 0.5) : BinaryThresholdMetric(scores, threshold)
{
    /// <inheritdoc/>
    public override string Name => "recall";

    /// <inheritdoc/>
    public override double Value => Share(TruePositives, TruePositives + FalseNegatives);
}

/// <summary>The harmonic mean of precision and recall: scikit-learn's <c>f1_score</c>.</summary>
/// <param name="scores">What the outputs are.</param>
/// <param name="threshold">The probability above which a sample is taken for the class.</param>
/// <exception cref="ArgumentOutOfRangeException">The threshold is no probability.</exception>
public sealed class BinaryF1Score(BinaryScores scores, double threshold = 0.5) : BinaryThresholdMetric(scores, threshold)
{
    /// <inheritdoc/>
    public override string Name => "F1";

    /// <inheritdoc/>
    public override double Value => Share(2.0 * TruePositives, 2.0 * TruePositives + FalsePositives + FalseNegatives);
}
