namespace NetGen;

/// <summary>A metric of how well scores put the samples of a class before the others, over all thresholds.</summary>
/// <remarks>
/// Only the order of the scores counts, so that logits and probabilities give the same. It keeps the scores of all samples, 9 bytes for
/// each, in memory that grows with the largest number there was; <see cref="Metric.Value"/> sorts them. A score that is NaN makes the value
/// NaN.
/// </remarks>
public abstract class BinaryRankingMetric : BinaryMetric
{
    private double[] _scores = [];
    private bool[] _positives = [];
    private int _count;
    private bool _hasNaN;
    private double? _value;

    private protected BinaryRankingMetric()
    {
    }

    /// <inheritdoc/>
    public sealed override bool HigherIsBetter => true;

    /// <summary>Samples that counted.</summary>
    public long Count => _count;

    /// <inheritdoc/>
    public sealed override double Value
    {
        get
        {
            if (_count == 0 || _hasNaN)
                return double.NaN;
            return _value ??= ValueOf(Steps());
        }
    }

    /// <inheritdoc/>
    public sealed override void Reset() => (_count, _hasNaN, _value) = (0, false, null);

    /// <summary>
    /// The receiver operating characteristic: for each threshold, from the highest on, the shares of the samples that are not of the class
    /// and of those that are, which have a score as large or larger. It begins at (0, 0), with the threshold ∞.
    /// </summary>
    /// <remarks>scikit-learn's <c>roc_curve</c> with all thresholds. Shares of no samples are NaN.</remarks>
    /// <exception cref="InvalidOperationException">There is no sample, or a score is NaN.</exception>
    public IReadOnlyList<RocPoint> RocCurve()
    {
        RankStep[] steps = CurveSteps();
        double positives = steps[^1].Positives, negatives = steps[^1].Negatives;
        return [.. steps.Select(step => new RocPoint(step.Negatives / negatives, step.Positives / positives, step.Threshold))];
    }

    /// <summary>
    /// For each threshold, from the highest on, the share of the samples with a score as large or larger that are of the class, and the
    /// share of the class that they are. It begins with a precision of 1 and a recall of 0, with the threshold ∞.
    /// </summary>
    /// <remarks>
    /// scikit-learn's <c>precision_recall_curve</c> the other way round. Where no sample is of the class, the recall is 1, as there.
    /// </remarks>
    /// <exception cref="InvalidOperationException">There is no sample, or a score is NaN.</exception>
    public IReadOnlyList<PrecisionRecallPoint> PrecisionRecallCurve()
    {
        RankStep[] steps = CurveSteps();
        double positives = steps[^1].Positives;
        return
        [
            new PrecisionRecallPoint(1, 0, double.PositiveInfinity),
            .. steps.Skip(1).Select(step => new PrecisionRecallPoint(
                (double)step.Positives / (step.Positives + step.Negatives), positives == 0 ? 1 : step.Positives / positives,
                step.Threshold)),
        ];
    }

    private protected sealed override double ScoreOf(float negative, float positive) => (double)positive - negative;

    private protected sealed override void AddSample(double score, bool isPositive)
    {
        if (_count == _scores.Length)
        {
            int room = (int)Math.Min(Math.Max(256, 2L * _count), Array.MaxLength);
            Array.Resize(ref _scores, room);
            Array.Resize(ref _positives, room);
        }
        (_scores[_count], _positives[_count]) = (score, isPositive);
        _count++;
        _hasNaN |= double.IsNaN(score);
        _value = null;
    }

    /// <param name="steps">For each threshold, from the highest on, how many samples have a score as large or larger.</param>
    private protected abstract double ValueOf(RankStep[] steps);

    private RankStep[] CurveSteps()
    {
        if (_count == 0)
            throw new InvalidOperationException($"The metric {Name} has no sample yet.");
        return _hasNaN ? throw new InvalidOperationException($"The metric {Name} has a score that is NaN, which has no rank.") : Steps();
    }

    private RankStep[] Steps()
    {
        double[] scores = _scores[.._count];
        bool[] areOfClass = _positives[.._count];
        Array.Sort(scores, areOfClass);
        var steps = new List<RankStep> { new(double.PositiveInfinity, 0, 0) };
        long positives = 0, negatives = 0;
        for (int i = _count - 1; i >= 0; i--)
        {
            if (areOfClass[i])
                positives++;
            else
                negatives++;
            if (i == 0 || scores[i - 1] != scores[i])
                steps.Add(new RankStep(scores[i], positives, negatives));
        }
        return [.. steps];
    }

    /// <summary>How many samples of the class, and of the others, have a score of the threshold or above.</summary>
    private protected readonly record struct RankStep(double Threshold, long Positives, long Negatives);
}

/// <summary>A point of a receiver operating characteristic.</summary>
/// <param name="FalsePositiveRate">Of the samples that are not of the class the share that is taken for it.</param>
/// <param name="TruePositiveRate">Of the samples of the class the share that is taken for it.</param>
/// <param name="Threshold">Samples with a score as large or larger are taken for the class.</param>
public readonly record struct RocPoint(double FalsePositiveRate, double TruePositiveRate, double Threshold);

/// <summary>A point of a precision-recall curve.</summary>
/// <param name="Precision">Of the samples that are taken for the class the share that is of it.</param>
/// <param name="Recall">Of the samples of the class the share that is taken for it.</param>
/// <param name="Threshold">Samples with a score as large or larger are taken for the class.</param>
public readonly record struct PrecisionRecallPoint(double Precision, double Recall, double Threshold);

/// <summary>
/// The area under the receiver operating characteristic: of all pairs of a sample of the class and another the share in which the one of
/// the class has the larger score, an equal one counting half. scikit-learn's <c>roc_auc_score</c>.
/// </summary>
/// <remarks>Counted in whole numbers, so exact but for one division. NaN where all samples are of one kind.</remarks>
public sealed class BinaryAUROC : BinaryRankingMetric
{
    /// <inheritdoc/>
    public override string Name => "ROC AUC";

    private protected override double ValueOf(RankStep[] steps)
    {
        long positives = steps[^1].Positives, negatives = steps[^1].Negatives;
        if (positives == 0 || negatives == 0)
            return double.NaN;
        // Twice the area in units of one pair: at most 2 · 2³⁰ · 2³⁰.
        long area = 0;
        for (int i = 1; i < steps.Length; i++)
            area += (steps[i].Negatives - steps[i - 1].Negatives) * (steps[i].Positives + steps[i - 1].Positives);
        return area / (2.0 * positives * negatives);
    }
}

/// <summary>
/// The mean of the precisions at all thresholds, each weighted by what the recall grows there: scikit-learn's
/// <c>average_precision_score</c>.
/// </summary>
/// <remarks>As there it is 0 where no sample is of the class.</remarks>
public sealed class BinaryAveragePrecision : BinaryRankingMetric
{
    /// <inheritdoc/>
    public override string Name => "average precision";

    private protected override double ValueOf(RankStep[] steps)
    {
        long all = steps[^1].Positives;
        double sum = 0;
        for (int i = 1; i < steps.Length; i++)
        {
            long positives = steps[i].Positives;
            sum += (double)(positives - steps[i - 1].Positives) * positives / (positives + steps[i].Negatives);
        }
        return all == 0 ? 0 : sum / all;
    }
}
