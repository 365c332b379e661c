using System.Globalization;

namespace NetGen;

/// <summary>
/// A factor every few steps, PyTorch's <c>StepLR</c>: rate(t) = initial · gamma^⌊t / stepSize⌋.
/// </summary>
public sealed class StepLR : LearningRateSchedule
{
    /// <summary>A factor every few steps.</summary>
    /// <param name="stepSize">Steps from one change to the next, at least 1.</param>
    /// <param name="gamma">What the rate is multiplied by, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step size is below 1, or gamma is negative or not finite.</exception>
    public StepLR(long stepSize, double gamma = 0.1)
    {
        StepSize = CheckSteps(stepSize, nameof(stepSize));
        Gamma = CheckNotNegative(gamma, nameof(gamma));
    }

    /// <summary>Steps from one change to the next.</summary>
    public long StepSize { get; }

    /// <summary>What the rate is multiplied by.</summary>
    public double Gamma { get; }

    /// <summary>Name and settings, the same in every culture.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"StepLR(stepSize {StepSize}, gamma {Gamma:R})");

    internal override double Rate(long step, double initialRate) => initialRate * Math.Pow(Gamma, step / StepSize);
}
