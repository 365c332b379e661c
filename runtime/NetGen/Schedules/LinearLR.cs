using System.Globalization;

namespace NetGen;

/// <summary>
/// A straight line from one factor to another, PyTorch's <c>LinearLR</c>:
/// rate(t) = initial · (startFactor + (endFactor − startFactor) · min(t, totalSteps) / totalSteps). With its defaults the usual warm-up.
/// </summary>
public sealed class LinearLR : LearningRateSchedule
{
    /// <summary>A straight line from one factor to another.</summary>
    /// <param name="startFactor">What the rate is multiplied by at first, from 0 to 1.</param>
    /// <param name="endFactor">What it is multiplied by in the end, from 0 to 1.</param>
    /// <param name="totalSteps">PyTorch's <c>total_iters</c>: steps from the first to the last, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A factor is not between 0 and 1, or the steps are below 1.</exception>
    public LinearLR(double startFactor = 1.0 / 3, double endFactor = 1, long totalSteps = 5)
    {
        StartFactor = CheckUpToOne(startFactor, nameof(startFactor));
        EndFactor = CheckUpToOne(endFactor, nameof(endFactor));
        TotalSteps = CheckSteps(totalSteps, nameof(totalSteps));
    }

    /// <summary>What the rate is multiplied by at first.</summary>
    public double StartFactor { get; }

    /// <summary>What the rate is multiplied by in the end.</summary>
    public double EndFactor { get; }

    /// <summary>Steps from the first factor to the last.</summary>
    public long TotalSteps { get; }

    /// <summary>Name and settings, the same in every culture.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture, $"LinearLR(startFactor {StartFactor:R}, endFactor {EndFactor:R}, totalSteps {TotalSteps})");

    internal override double Rate(long step, double initialRate) =>
        initialRate * (StartFactor + (EndFactor - StartFactor) * Math.Min(TotalSteps, step) / TotalSteps);
}
