namespace NetGen.Benchmarks.Measurement;

internal static class Statistics
{
    /// <summary>The middle value, or the mean of the two middle ones; NaN for an empty list.</summary>
    public static double Median(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0)
            return double.NaN;
        double[] sorted = [.. values];
        Array.Sort(sorted);
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle]);
    }

    /// <summary>
    /// Median over the rounds of numerator / denominator. Both were taken within one round, so a machine whose speed
    /// drifts between rounds changes both alike.
    /// </summary>
    public static double MedianRatio(IReadOnlyList<double> numerators, IReadOnlyList<double> denominators)
    {
        if (numerators.Count != denominators.Count)
            throw new ArgumentException($"Ratios are taken round by round, but there are {numerators.Count} and {denominators.Count} "
                + $"rounds.");
        return Median([.. numerators.Select((numerator, round) => numerator / denominators[round])]);
    }

    /// <summary>Distance of the quartiles as a fraction of the median: how noisy the rounds were.</summary>
    public static double Spread(IReadOnlyCollection<double> values)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);
        return (sorted[sorted.Length * 3 / 4] - sorted[sorted.Length / 4]) / Median(sorted);
    }
}

/// <summary>How the rounds become one figure.</summary>
/// <param name="Best">
/// The fastest round instead of the median: the nearest to a quiet machine when other work shares it. For
/// development; a table that is published from fastest rounds says so, and why.
/// </param>
internal sealed record Summary(bool Best)
{
    /// <summary>What it is, as tables say it.</summary>
    public string Name => Best ? "fastest" : "median";

    public double Of(IReadOnlyCollection<double> values) => Best ? values.Min() : Statistics.Median(values);

    public double Ratio(IReadOnlyList<double> numerators, IReadOnlyList<double> denominators) =>
        Best ? numerators.Min() / denominators.Min() : Statistics.MedianRatio(numerators, denominators);
}
