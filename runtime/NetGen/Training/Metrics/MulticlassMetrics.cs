namespace NetGen;

/// <summary>How the values of classes become one, scikit-learn's and torchmetrics' <c>average</c>.</summary>
public enum ClassAverage
{
    /// <summary>The mean over the classes that occur, each counting once.</summary>
    Macro,

    /// <summary>Over all samples, whatever their class: with one class for each sample this is the accuracy.</summary>
    Micro,

    /// <summary>The mean over the classes, each counting by its samples.</summary>
    Weighted,
}

/// <summary>A metric of each of several classes, and a mean of these.</summary>
/// <remarks>
/// A prediction is the class with the largest score. As in scikit-learn a share of nothing is 0, the precision of a class that no sample
/// was taken for, say, and a class that neither occurs nor was predicted is not in the mean of <see cref="ClassAverage.Macro"/>.
/// </remarks>
public abstract class MulticlassMetric : ClassMetric
{
    private readonly long[] _right, _actual, _predicted;
    private long _all;

    private protected MulticlassMetric(int classes, ClassAverage average)
    {
        if (classes < 1)
            throw new ArgumentOutOfRangeException(nameof(classes), classes, "Expected at least 1.");
        if (average is not (ClassAverage.Macro or ClassAverage.Micro or ClassAverage.Weighted))
            throw new ArgumentOutOfRangeException(nameof(average), average, "Expected Macro, Micro or Weighted.");
        (Classes, Average) = (classes, average);
        (_right, _actual, _predicted) = (new long[classes], new long[classes], new long[classes]);
    }

    /// <summary>The number of classes.</summary>
    public int Classes { get; }

    /// <summary>How the values of classes become one.</summary>
    public ClassAverage Average { get; }

    /// <inheritdoc/>
    public sealed override string Name => Average switch
    {
        ClassAverage.Macro => $"macro {What}",
        ClassAverage.Micro => $"micro {What}",
        _ => $"weighted {What}",
    };

    /// <inheritdoc/>
    public sealed override bool HigherIsBetter => true;

    /// <summary>Samples that counted.</summary>
    public long Count => _all;

    /// <inheritdoc/>
    public sealed override double Value
    {
        get
        {
            if (_all == 0)
                return double.NaN;
            double sum = 0, weights = 0;
            long right = 0;
            for (int i = 0; i < Classes; i++)
            {
                right += _right[i];
                double weight = Average == ClassAverage.Weighted ? _actual[i] : _actual[i] + _predicted[i] > 0 ? 1 : 0;
                sum += weight * this[i];
                weights += weight;
            }
            return Average == ClassAverage.Micro ? (double)right / _all : sum / weights;
        }
    }

    /// <summary>The value of one class; 0 where it is a share of nothing, and NaN before the first sample.</summary>
    /// <param name="label">The class.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double this[int label]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)label, (uint)Classes, nameof(label));
            if (_all == 0)
                return double.NaN;
            (double part, double whole) = ShareOf(_right[label], _actual[label], _predicted[label]);
            return whole == 0 ? 0 : part / whole;
        }
    }

    /// <inheritdoc/>
    public sealed override void Reset()
    {
        Array.Clear(_right);
        Array.Clear(_actual);
        Array.Clear(_predicted);
        _all = 0;
    }

    private protected abstract string What { get; }

    /// <summary>Numerator and denominator for one class.</summary>
    private protected abstract (double Part, double Whole) ShareOf(long right, long actual, long predicted);

    /// <inheritdoc/>
    protected sealed override void CheckClasses(int classes)
    {
        if (classes != Classes)
            throw new ArgumentException($"The metric {Name} is of {Classes} classes: expected {Classes} scores for each sample, "
                + $"got {classes}.");
    }

    /// <inheritdoc/>
    protected sealed override void AddSample(ReadOnlySpan<float> scores, int label)
    {
        int predicted = ArgMax(scores);
        _actual[label]++;
        _predicted[predicted]++;
        if (predicted == label)
            _right[label]++;
        _all++;
    }
}

/// <summary>Of the samples taken for a class the share that is of it, over classes: scikit-learn's <c>precision_score</c>.</summary>
/// <param name="classes">The number of classes.</param>
/// <param name="average">How the values of classes become one.</param>
/// <exception cref="ArgumentOutOfRangeException">There is less than one class.</exception>
public sealed class MulticlassPrecision(int classes, ClassAverage average = ClassAverage.Macro) : MulticlassMetric(classes, average)
{
    private protected override string What => "precision";

    private protected override (double Part, double Whole) ShareOf(long right, long actual, long predicted) => (right, predicted);
}

/// <summary>Of the samples of a class the share that was taken for it, over classes: scikit-learn's <c>recall_score</c>.</summary>
/// <param name="classes">The number of classes.</param>
/// <param name="average">How the values of classes become one.</param>
/// <exception cref="ArgumentOutOfRangeException">There is less than one class.</exception>
public sealed class MulticlassRecall(int classes, ClassAverage average = ClassAverage.Macro) : MulticlassMetric(classes, average)
{
    private protected override string What => "recall";

    private protected override (double Part, double Whole) ShareOf(long right, long actual, long predicted) => (right, actual);
}

/// <summary>
/// The harmonic mean of precision and recall, over classes: scikit-learn's <c>f1_score</c>. The mean is of the values of classes, as there.
/// </summary>
/// <param name="classes">The number of classes.</param>
/// <param name="average">How the values of classes become one.</param>
/// <exception cref="ArgumentOutOfRangeException">There is less than one class.</exception>
public sealed class MulticlassF1Score(int classes, ClassAverage average = ClassAverage.Macro) : MulticlassMetric(classes, average)
{
    private protected override string What => "F1";

    private protected override (double Part, double Whole) ShareOf(long right, long actual, long predicted)
        => (2.0 * right, actual + predicted);
}
