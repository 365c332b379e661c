using System.Globalization;
using System.Text;

namespace NetGen;

/// <summary>How often samples of each class were taken for each class; a prediction is the class with the largest score.</summary>
/// <param name="classes">The number of classes.</param>
/// <exception cref="ArgumentOutOfRangeException">There is less than one class.</exception>
public sealed class ConfusionMatrix(int classes) : ClassMetric
{
    private readonly long[] _counts =
        new long[checked((classes >= 1 ? classes : throw new ArgumentOutOfRangeException(nameof(classes), classes, "Expected at least 1."))
        * classes)];
    private long _all;

    /// <summary>The number of classes.</summary>
    public int Classes { get; } = classes;

    /// <inheritdoc/>
    public override string Name => "accuracy";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <summary>The accuracy.</summary>
    public override double Value
    {
        get
        {
            long right = 0;
            for (int i = 0; i < Classes; i++)
                right += this[i, i];
            return (double)right / _all;
        }
    }

    /// <summary>Samples that counted.</summary>
    public long Count => _all;

    /// <summary>Samples of one class that were taken for one class.</summary>
    /// <param name="actual">The class they are of.</param>
    /// <param name="predicted">The class they were taken for.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public long this[int actual, int predicted]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)actual, (uint)Classes, nameof(actual));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)predicted, (uint)Classes, nameof(predicted));
            return _counts[actual * Classes + predicted];
        }
    }

    /// <summary>Of the samples that were taken for a class, the share that is of it; NaN where there are none.</summary>
    /// <param name="label">The class.</param>
    public double Precision(int label)
    {
        long all = 0;
        for (int actual = 0; actual < Classes; actual++)
            all += this[actual, label];
        return (double)this[label, label] / all;
    }

    /// <summary>Of the samples of a class, the share that was taken for it; NaN where there are none.</summary>
    /// <param name="label">The class.</param>
    public double Recall(int label)
    {
        long all = 0;
        for (int predicted = 0; predicted < Classes; predicted++)
            all += this[label, predicted];
        return (double)this[label, label] / all;
    }

    /// <summary>The harmonic mean of precision and recall, 2 · right / (samples of the class + samples taken for it).</summary>
    /// <param name="label">The class.</param>
    public double F1(int label)
    {
        long actual = 0, predicted = 0;
        for (int other = 0; other < Classes; other++)
        {
            actual += this[label, other];
            predicted += this[other, label];
        }
        return 2.0 * this[label, label] / (actual + predicted);
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        Array.Clear(_counts);
        _all = 0;
    }

    /// <summary>A table: a row for each class, a column for each prediction.</summary>
    /// <param name="names">The names of the classes; their numbers where null.</param>
    /// <exception cref="ArgumentException">There are not as many names as classes.</exception>
    public string ToTable(IReadOnlyList<string>? names = null)
    {
        if (names != null && names.Count != Classes)
            throw new ArgumentException($"Expected {Classes} names, got {names.Count}.", nameof(names));
        string[] rows = [.. Enumerable.Range(0, Classes).Select(i => names?[i] ?? i.ToString(CultureInfo.InvariantCulture))];
        int first = rows.Max(name => name.Length);
        var text = new StringBuilder();
        int width =
            Math.Max(_counts.Max().ToString(CultureInfo.InvariantCulture).Length,
            (Classes - 1).ToString(CultureInfo.InvariantCulture).Length) + 1;
        text.Append(' ', first);
        for (int i = 0; i < Classes; i++)
            text.Append(i.ToString(CultureInfo.InvariantCulture).PadLeft(width));
        text.Append('\n');
        for (int actual = 0; actual < Classes; actual++)
        {
            text.Append(rows[actual].PadRight(first));
            for (int predicted = 0; predicted < Classes; predicted++)
                text.Append(this[actual, predicted].ToString(CultureInfo.InvariantCulture).PadLeft(width));
            text.Append('\n');
        }
        return text.ToString();
    }

    /// <inheritdoc/>
    public override string ToString() => ToTable();

    /// <inheritdoc/>
    protected override void CheckClasses(int classes)
    {
        if (classes != Classes)
            throw new ArgumentException($"Expected {Classes} scores for each sample, one for each class of the confusion matrix, "
                + $"got {classes}.");
    }

    /// <inheritdoc/>
    protected override void AddSample(ReadOnlySpan<float> scores, int label)
    {
        _counts[label * Classes + ArgMax(scores)]++;
        _all++;
    }
}
