using System.Globalization;

namespace NetGen;

/// <summary>
/// The 1cycle policy (Smith and Topin, 2018), PyTorch's <c>OneCycleLR</c>: from maximumRate / divisor up to the maximum and down to
/// maximumRate / divisor / finalDivisor, with the momentum, or Adam's β₁, in the opposite direction. The rate that the optimiser was made
/// with does not count. Meant to be stepped after each batch.
/// </summary>
/// <remarks>
/// With p = warmUpShare · totalSteps the maximum stands at p − 1. In three phases the way down to the first rate takes as long as the
/// way up, until 2p − 2, and the rest leads to the last rate, which stands at totalSteps − 1. PyTorch goes one step beyond this, along
/// the same curve, so that the scheduler can be stepped after the last batch too; so does this. A further step is an error.
/// </remarks>
public sealed class OneCycleLR : LearningRateSchedule
{
    /// <summary>The 1cycle policy.</summary>
    /// <param name="maximumRate">PyTorch's <c>max_lr</c>: the highest rate, above 0.</param>
    /// <param name="totalSteps">Steps of the whole cycle, at least 1: epochs times batches in an epoch.</param>
    /// <param name="warmUpShare">PyTorch's <c>pct_start</c>: share of the steps in which the rate rises, from 0 to 1.</param>
    /// <param name="annealStrategy">The form of the curve.</param>
    /// <param name="cycleMomentum">Whether the momentum moves too, which the optimiser must have.</param>
    /// <param name="baseMomentum">Momentum at the highest rate, in [0, 1).</param>
    /// <param name="maximumMomentum">Momentum at the lowest rates, in [0, 1).</param>
    /// <param name="divisor">PyTorch's <c>div_factor</c>: maximum rate over first rate, above 0.</param>
    /// <param name="finalDivisor">PyTorch's <c>final_div_factor</c>: first rate over last rate, above 0.</param>
    /// <param name="threePhase">Whether the rate goes down to the first one before it goes to the last.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range, or the strategy is unknown.</exception>
    public OneCycleLR(
        double maximumRate,
        long totalSteps,
        double warmUpShare = 0.3,
        AnnealStrategy annealStrategy = AnnealStrategy.Cosine,
        bool cycleMomentum = true,
        double baseMomentum = 0.85,
        double maximumMomentum = 0.95,
        double divisor = 25,
        double finalDivisor = 1e4,
        bool threePhase = false)
    {
        MaximumRate = CheckPositive(maximumRate, nameof(maximumRate));
        TotalSteps = CheckSteps(totalSteps, nameof(totalSteps));
        WarmUpShare = CheckUpToOne(warmUpShare, nameof(warmUpShare));
        if (annealStrategy is not (AnnealStrategy.Cosine or AnnealStrategy.Linear))
            throw new ArgumentOutOfRangeException(nameof(annealStrategy), annealStrategy, "Expected Cosine or Linear.");
        AnnealStrategy = annealStrategy;
        CycleMomentum = cycleMomentum;
        BaseMomentum = CheckMomentum(baseMomentum, nameof(baseMomentum));
        MaximumMomentum = CheckMomentum(maximumMomentum, nameof(maximumMomentum));
        Divisor = CheckPositive(divisor, nameof(divisor));
        FinalDivisor = CheckPositive(finalDivisor, nameof(finalDivisor));
        ThreePhase = threePhase;
    }

    /// <summary>The highest rate.</summary>
    public double MaximumRate { get; }

    /// <summary>Steps of the whole cycle.</summary>
    public long TotalSteps { get; }

    /// <summary>Share of the steps in which the rate rises.</summary>
    public double WarmUpShare { get; }

    /// <summary>The form of the curve.</summary>
    public AnnealStrategy AnnealStrategy { get; }

    /// <summary>Whether the momentum moves too.</summary>
    public bool CycleMomentum { get; }

    /// <summary>Momentum at the highest rate.</summary>
    public double BaseMomentum { get; }

    /// <summary>Momentum at the lowest rates.</summary>
    public double MaximumMomentum { get; }

    /// <summary>Maximum rate over first rate.</summary>
    public double Divisor { get; }

    /// <summary>First rate over last rate.</summary>
    public double FinalDivisor { get; }

    /// <summary>Whether the rate goes down to the first one before it goes to the last.</summary>
    public bool ThreePhase { get; }

    /// <summary>Name and settings, the same in every culture.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"OneCycleLR(maximumRate {MaximumRate:R}, totalSteps {TotalSteps}, warmUpShare {WarmUpShare:R}, "
            + $"annealStrategy {AnnealStrategy}, cycleMomentum {CycleMomentum}, ") + string.Create(
        CultureInfo.InvariantCulture,
        $"baseMomentum {BaseMomentum:R}, maximumMomentum {MaximumMomentum:R}, divisor {Divisor:R}, finalDivisor {FinalDivisor:R}, "
            + $"threePhase {ThreePhase})");

    internal override bool CyclesMomentum => CycleMomentum;

    internal override double Rate(long step, double initialRate)
    {
        double first = MaximumRate / Divisor;
        return At(step, first, MaximumRate, first / FinalDivisor, last3: first);
    }

    internal override double Momentum(long step, double initialMomentum) =>
        CycleMomentum ? At(step, MaximumMomentum, BaseMomentum, MaximumMomentum, last3: MaximumMomentum) : initialMomentum;

    // The phases end at numbers of steps that need not be whole.
    private double At(long step, double first, double middle, double last, double last3)
    {
        if (step > TotalSteps)
            throw new InvalidOperationException(
                string.Create(
                CultureInfo.InvariantCulture, $"OneCycleLR has {TotalSteps} steps, and this would be step {step}. Give it the "
                + $"number of all batches of all epochs."));
        double up = WarmUpShare * TotalSteps - 1, end = TotalSteps - 1;
        if (step <= up)
            return Anneal(first, middle, step, 0, up);
        if (!ThreePhase)
            return Anneal(middle, last, step, up, end);
        double down = 2 * WarmUpShare * TotalSteps - 2;
        return step <= down ? Anneal(middle, last3, step, up, down) : Anneal(last3, last, step, down, end);
    }

    private double Anneal(double from, double to, double step, double start, double end)
    {
        // A phase without length, on which PyTorch divides by zero, is over at once.
        double share = end == start ? 1 : (step - start) / (end - start);
        return AnnealStrategy == AnnealStrategy.Linear
            ? (to - from) * share + from : to + (from - to) / 2 * (1 + Math.Cos(Math.PI * share));
    }

    private static double CheckMomentum(double value, string name)
    {
        if (!(value >= 0 && value < 1))
            throw new ArgumentOutOfRangeException(name, value, "Expected a number from 0 up to but not including 1.");
        return value;
    }
}
