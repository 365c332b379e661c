using System.Globalization;

namespace NetGen;

/// <summary>
/// Half a wave of the cosine from the initial rate to the smallest (Loshchilov and Hutter, 2017), PyTorch's <c>CosineAnnealingLR</c>:
/// rate(t) = minimumRate + (initial − minimumRate) · (1 + cos(π t / maximumSteps)) / 2. After the last step it rises again.
/// </summary>
public sealed class CosineAnnealingLR : LearningRateSchedule
{
    /// <summary>Half a wave of the cosine.</summary>
    /// <param name="maximumSteps">PyTorch's <c>T_max</c>: steps until the smallest rate, at least 1.</param>
    /// <param name="minimumRate">PyTorch's <c>eta_min</c>: the smallest rate, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The steps are below 1, or the rate is negative or not finite.</exception>
    public CosineAnnealingLR(long maximumSteps, double minimumRate = 0)
    {
        MaximumSteps = CheckSteps(maximumSteps, nameof(maximumSteps));
        MinimumRate = CheckNotNegative(minimumRate, nameof(minimumRate));
    }

    /// <summary>Steps until the smallest rate.</summary>
    public long MaximumSteps { get; }

    /// <summary>The smallest rate.</summary>
    public double MinimumRate { get; }

    /// <summary>Name and settings, the same in every culture.</summary>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"CosineAnnealingLR(maximumSteps {MaximumSteps}, minimumRate {MinimumRate:R})");

    internal override double Rate(long step, double initialRate) =>
        MinimumRate + (initialRate - MinimumRate) * (1 + Math.Cos(Math.PI * step / MaximumSteps)) / 2;
}
