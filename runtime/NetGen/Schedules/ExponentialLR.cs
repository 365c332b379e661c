using System.Globalization;

namespace NetGen;

/// <summary>A factor at every step, PyTorch's <c>ExponentialLR</c>: rate(t) = initial · gammaᵗ.</summary>
public sealed class ExponentialLR : LearningRateSchedule
{
    /// <summary>A factor at every step.</summary>
    /// <param name="gamma">What the rate is multiplied by, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">Gamma is negative or not finite.</exception>
    public ExponentialLR(double gamma) => Gamma = CheckNotNegative(gamma, nameof(gamma));

    /// <summary>What the rate is multiplied by.</summary>
    public double Gamma { get; }

    /// <summary>Name and settings, the same in every culture.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"ExponentialLR(gamma {Gamma:R})");

    internal override double Rate(long step, double initialRate) => initialRate * Math.Pow(Gamma, step);
}
