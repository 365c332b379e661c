using System.Globalization;

namespace NetGen;

/// <summary>
/// A factor for the first steps only, PyTorch's <c>ConstantLR</c>: rate(t) = initial · factor while t &lt; totalSteps, then the initial
/// rate.
/// </summary>
public sealed class ConstantLR : LearningRateSchedule
{
    /// <summary>A factor for the first steps.</summary>
    /// <param name="factor">What the rate is multiplied by at first, from 0 to 1.</param>
    /// <param name="totalSteps">PyTorch's <c>total_iters</c>: steps until the full rate, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not between 0 and 1, or the steps are below 1.</exception>
    public ConstantLR(double factor = 1.0 / 3, long totalSteps = 5)
    {
        Factor = CheckUpToOne(factor, nameof(factor));
        TotalSteps = CheckSteps(totalSteps, nameof(totalSteps));
    }

    /// <summary>What the rate is multiplied by at first.</summary>
    public double Factor { get; }

    /// <summary>Steps until the full rate.</summary>
    public long TotalSteps { get; }

    /// <summary>Name and settings, the same in every culture.</summary>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"ConstantLR(factor {Factor:R}, totalSteps {TotalSteps})");

    internal override double Rate(long step, double initialRate) => step < TotalSteps ? initialRate * Factor : initialRate;
}
