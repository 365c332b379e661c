namespace NetGen;

/// <summary>
/// A learning rate, of an optimiser or of one of its groups, in double: schedules that multiply it at every step would otherwise
/// gather the rounding of a hundred floats.
/// </summary>
internal sealed class Rate(double value)
{
    /// <summary>The rate of the next step.</summary>
    public double Value { get; set; } = Optimizer.Exact(value);
}
