using System.Globalization;

namespace NetGen;

/// <summary>
/// A factor at each of some milestones, PyTorch's <c>MultiStepLR</c>: rate(t) = initial · gamma^(number of milestones that are at most t).
/// </summary>
public sealed class MultiStepLR : LearningRateSchedule
{
    private readonly long[] _milestones;

    /// <summary>A factor at each milestone.</summary>
    /// <param name="milestones">Steps at which the rate changes, none negative; one that is given twice counts twice.</param>
    /// <param name="gamma">What the rate is multiplied by, at least 0.</param>
    /// <exception cref="ArgumentException">There is no milestone.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A milestone is negative, or gamma is negative or not finite.</exception>
    public MultiStepLR(IEnumerable<long> milestones, double gamma = 0.1)
    {
        ArgumentNullException.ThrowIfNull(milestones);
        _milestones = [.. milestones.Order()];
        if (_milestones.Length == 0)
            throw new ArgumentException("Expected at least one milestone.", nameof(milestones));
        ArgumentOutOfRangeException.ThrowIfNegative(_milestones[0], nameof(milestones));
        Gamma = CheckNotNegative(gamma, nameof(gamma));
    }

    /// <summary>Steps at which the rate changes, in order.</summary>
    public IReadOnlyList<long> Milestones => _milestones;

    /// <summary>What the rate is multiplied by.</summary>
    public double Gamma { get; }

    /// <summary>Name and settings, the same in every culture.</summary>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"MultiStepLR(milestones [{string.Join(", ", _milestones)}], gamma {Gamma:R})");

    internal override double Rate(long step, double initialRate)
    {
        int passed = 0;
        while (passed < _milestones.Length && _milestones[passed] <= step)
            passed++;
        return initialRate * Math.Pow(Gamma, passed);
    }
}
