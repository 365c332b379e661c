namespace NetGen.Data;

/// <summary>(value − centre) / scale, with the numbers that scikit-learn's scalers find in training rows.</summary>
/// <param name="Centre">What becomes 0.</param>
/// <param name="Scale">What a distance of 1 is; 1 for columns whose values are all the same.</param>
internal readonly record struct ColumnScaler(double Centre, double Scale)
{
    /// <summary>Finds the numbers.</summary>
    /// <param name="scaling">Which.</param>
    /// <param name="values">At least one; they are sorted here.</param>
    public static ColumnScaler Fit(Scaling scaling, double[] values)
    {
        Array.Sort(values);
        switch (scaling)
        {
            case Scaling.Standard:
                double mean = Mean(values), squares = 0;
                foreach (double value in values)
                    squares += (value - mean) * (value - mean);
                double variance = squares / values.Length;
                // What rounding leaves of equal values is no deviation.
                double rounding = values.Length * double.BitIncrement(1) - values.Length;
                bool isConstant = variance <= rounding * Math.Abs(variance) + rounding * mean * (rounding * mean);
                return new ColumnScaler(mean, isConstant ? 1 : Math.Sqrt(variance));
            case Scaling.MinMax:
                return new ColumnScaler(values[0], NotZero(values[^1] - values[0]));
            case Scaling.Robust:
                return new ColumnScaler(Quantile(values, 0.5), NotZero(Quantile(values, 0.75) - Quantile(values, 0.25)));
            default:
                return new ColumnScaler(0, 1);
        }
    }

    /// <summary>The mean.</summary>
    public static double Mean(ReadOnlySpan<double> values)
    {
        // About one of them, so that large numbers with small differences lose nothing.
        double first = values[0], sum = 0;
        foreach (double value in values)
            sum += value - first;
        return first + sum / values.Length;
    }

    /// <summary>The value that a share of sorted values is below, between two of them on the line through both.</summary>
    public static double Quantile(ReadOnlySpan<double> sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        return below + 1 < sorted.Length ? sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
    }

    /// <summary>The scaled value.</summary>
    public double Apply(double value) => (value - Centre) / Scale;

    /// <summary>The value that was scaled.</summary>
    public double Undo(double value) => value * Scale + Centre;

    private static double NotZero(double scale) => scale == 0 ? 1 : scale;
}
