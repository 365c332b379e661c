using NetGen.TensorBoard.Schema;

namespace NetGen.TensorBoard;

/// <summary>
/// Counts values in TensorFlow's buckets: limits that grow by a tenth each, from 10⁻¹² to 10²⁰, the same below zero, and the rest.
/// </summary>
internal static class HistogramBuckets
{
    private static readonly double[] s_limits = Limits();

    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static HistogramProto Count(ReadOnlySpan<float> values)
    {
        var counts = new long[s_limits.Length];
        double min = double.PositiveInfinity, max = double.NegativeInfinity, sum = 0, squares = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double value = values[i];
            if (!double.IsFinite(value))
                throw new ArgumentException($"Expected finite numbers, but value {i} of {values.Length} "
                    + $"is {FormattableString.Invariant($"{value}")}.", nameof(values));
            counts[Bucket(value)]++;
            min = Math.Min(min, value);
            max = Math.Max(max, value);
            sum += value;
            squares += value * value;
        }

        var histogram = new HistogramProto { Min = min, Max = max, Num = values.Length, Sum = sum, SumSquares = squares };
        int first = Array.FindIndex(counts, count => count > 0), last = Array.FindLastIndex(counts, count => count > 0);
        for (int i = first; i <= last; i++)
        {
            // Of buckets in a row without values one is enough, up to the last limit.
            if (counts[i] == 0 && counts[i + 1] == 0)
                continue;
            histogram.BucketLimit.Add(s_limits[i]);
            histogram.Bucket.Add(counts[i]);
        }
        return histogram;
    }

    // The first limit above the value.
    private static int Bucket(double value)
    {
        int index = Array.BinarySearch(s_limits, value);
        return index >= 0 ? index + 1 : ~index;
    }

    private static double[] Limits()
    {
        var positive = new List<double>();
        for (double limit = 1e-12; limit < 1e20; limit *= 1.1)
            positive.Add(limit);
        positive.Add(double.MaxValue);
        return [.. positive.Select(limit => -limit).Reverse(), 0, .. positive];
    }
}
