using System.Globalization;

namespace NetGen;

/// <summary>
/// Lowers the learning rate of an optimiser, and of its groups with a rate of their own, once a measure has stopped getting better,
/// PyTorch's <c>ReduceLROnPlateau</c>: after more than <c>patience</c> steps without a new best, rate ← max(rate · factor, minimumRate).
/// </summary>
/// <remarks>
/// A value counts as better below best · (1 − threshold) or above best · (1 + threshold), in absolute mode below best − threshold or above
/// best + threshold. NaN is never better. An optimiser follows one scheduler, the last that was made for it.
/// </remarks>
/// <example>
/// <code>
/// var scheduler = new ReduceLROnPlateau(optimizer, factor: 0.5, patience: 3);
/// // after each epoch:
/// scheduler.Step(validationLoss);
/// </code>
/// </example>
public sealed class ReduceLROnPlateau : IStateful
{
    private readonly ScheduledRates _rates;

    /// <summary>Watches a measure for an optimiser.</summary>
    /// <param name="optimizer">The optimiser.</param>
    /// <param name="mode">Whether small or large values are good.</param>
    /// <param name="factor">What the rate is multiplied by, at least 0 and below 1.</param>
    /// <param name="patience">Steps without a new best that are let pass, at least 0.</param>
    /// <param name="threshold">How much better a new best must be, at least 0.</param>
    /// <param name="thresholdMode">Whether the threshold is a share of the best or a difference.</param>
    /// <param name="cooldown">Steps after a reduction in which none is counted as bad, at least 0.</param>
    /// <param name="minimumRate">PyTorch's <c>min_lr</c>: the rate stays at least this, at least 0.</param>
    /// <param name="epsilon">A reduction by no more than this is left out, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range, or a mode is unknown.</exception>
    public ReduceLROnPlateau(
        Optimizer optimizer,
        PlateauMode mode = PlateauMode.Min,
        double factor = 0.1,
        int patience = 10,
        double threshold = 1e-4,
        ThresholdMode thresholdMode = ThresholdMode.Relative,
        int cooldown = 0,
        double minimumRate = 0,
        double epsilon = 1e-8)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        if (mode is not (PlateauMode.Min or PlateauMode.Max))
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "Expected Min or Max.");
        if (!(factor >= 0 && factor < 1))
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "Expected a number from 0 up to but not including 1.");
        ArgumentOutOfRangeException.ThrowIfNegative(patience);
        if (thresholdMode is not (ThresholdMode.Relative or ThresholdMode.Absolute))
            throw new ArgumentOutOfRangeException(nameof(thresholdMode), thresholdMode, "Expected Relative or Absolute.");
        ArgumentOutOfRangeException.ThrowIfNegative(cooldown);
        Mode = mode;
        Factor = factor;
        Patience = patience;
        Threshold = CheckNotNegative(threshold, nameof(threshold));
        ThresholdMode = thresholdMode;
        Cooldown = cooldown;
        MinimumRate = CheckNotNegative(minimumRate, nameof(minimumRate));
        Epsilon = CheckNotNegative(epsilon, nameof(epsilon));
        Best = mode == PlateauMode.Min ? double.PositiveInfinity : double.NegativeInfinity;
        _rates = new ScheduledRates(optimizer, this);
        _rates.TakeOver();
    }

    /// <summary>The optimiser.</summary>
    public Optimizer Optimizer => _rates.Optimizer;

    /// <summary>Whether small or large values are good.</summary>
    public PlateauMode Mode { get; }

    /// <summary>What the rate is multiplied by.</summary>
    public double Factor { get; }

    /// <summary>Steps without a new best that are let pass.</summary>
    public int Patience { get; }

    /// <summary>How much better a new best must be.</summary>
    public double Threshold { get; }

    /// <summary>Whether the threshold is a share of the best or a difference.</summary>
    public ThresholdMode ThresholdMode { get; }

    /// <summary>Steps after a reduction in which none is counted as bad.</summary>
    public int Cooldown { get; }

    /// <summary>The rate stays at least this.</summary>
    public double MinimumRate { get; }

    /// <summary>A reduction by no more than this is left out.</summary>
    public double Epsilon { get; }

    /// <summary>Steps so far.</summary>
    public long Steps { get; private set; }

    /// <summary>The best value so far; infinity, or minus infinity where large values are good, before the first.</summary>
    public double Best { get; private set; }

    /// <summary>Steps since the best value, PyTorch's <c>num_bad_epochs</c>.</summary>
    public long BadSteps { get; private set; }

    /// <summary>Steps that are left of the cooldown.</summary>
    public long CooldownLeft { get; private set; }

    /// <summary>Takes a new value and, where it is time, lowers the rates.</summary>
    /// <param name="metric">The value, of the loss on the validation set for example.</param>
    /// <returns>Whether patience has ended, so that the rates were lowered, as far as the smallest rate allows.</returns>
    /// <exception cref="InvalidOperationException">The optimiser follows another scheduler by now.</exception>
    public bool Step(double metric)
    {
        _rates.CheckOwner();
        Steps++;
        if (IsBetter(metric))
        {
            Best = metric;
            BadSteps = 0;
        }
        else
        {
            BadSteps++;
        }
        if (CooldownLeft > 0)
        {
            CooldownLeft--;
            BadSteps = 0;
        }
        if (BadSteps <= Patience)
            return false;

        for (int i = 0; i < _rates.Count; i++)
        {
            if (_rates[i] is not Rate rate)
                continue;
            double lower = Math.Max(rate.Value * Factor, MinimumRate);
            if (rate.Value - lower > Epsilon)
                rate.Value = lower;
        }
        CooldownLeft = Cooldown;
        BadSteps = 0;
        return true;
    }

    /// <summary>
    /// All that is needed to go on later with the same bits: the counts, the best value, the present rates, and the settings to compare
    /// with. Names and invariant numbers, fit for JSON or the metadata of a file.
    /// </summary>
    public IReadOnlyDictionary<string, string> GetState()
    {
        var state = new ScheduleState();
        state.Set("schedule", ToString());
        state.Set("steps", Steps);
        state.Set("best", Best);
        state.Set("bad_steps", BadSteps);
        state.Set("cooldown_left", CooldownLeft);
        _rates.Save(state);
        return state.Values;
    }

    /// <summary>Goes on from a state that <see cref="GetState"/> gave with the same settings and the same groups.</summary>
    /// <param name="state">The state.</param>
    /// <exception cref="ArgumentException">The state is of other settings or groups, or incomplete; nothing is changed.</exception>
    /// <exception cref="InvalidOperationException">The optimiser follows another scheduler by now.</exception>
    public void Restore(IReadOnlyDictionary<string, string> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _rates.CheckOwner();
        var source = new ScheduleState(state);
        source.Expect("schedule", ToString());
        long steps = source.GetCount("steps"), bad = source.GetCount("bad_steps"), cooldown = source.GetCount("cooldown_left");
        double best = source.GetAny("best");
        // The last that can fail; nothing is changed before.
        _rates.Restore(source);
        (Steps, Best, BadSteps, CooldownLeft) = (steps, best, bad, cooldown);
    }

    /// <summary>Name and settings, the same in every culture.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"ReduceLROnPlateau(mode {Mode}, factor {Factor:R}, patience {Patience}, threshold {Threshold:R}, thresholdMode {ThresholdMode}, ")
            + string.Create(
        CultureInfo.InvariantCulture,
        $"cooldown {Cooldown}, minimumRate {MinimumRate:R}, epsilon {Epsilon:R})");

    private bool IsBetter(double value) => (Mode, ThresholdMode) switch
    {
        (PlateauMode.Min, ThresholdMode.Relative) => value < Best * (1 - Threshold),
        (PlateauMode.Min, _) => value < Best - Threshold,
        (_, ThresholdMode.Relative) => value > Best * (1 + Threshold),
        _ => value > Best + Threshold,
    };

    private static double CheckNotNegative(double value, string name)
    {
        if (!(value >= 0) || double.IsInfinity(value))
            throw new ArgumentOutOfRangeException(name, value, "Expected a finite number of at least 0.");
        return value;
    }
}

/// <summary>Which values <see cref="ReduceLROnPlateau"/> takes for better, PyTorch's <c>mode</c>.</summary>
public enum PlateauMode
{
    /// <summary>Small ones: a loss.</summary>
    Min,

    /// <summary>Large ones: an accuracy.</summary>
    Max,
}

/// <summary>What the threshold of <see cref="ReduceLROnPlateau"/> is, PyTorch's <c>threshold_mode</c>.</summary>
public enum ThresholdMode
{
    /// <summary>A share of the best value.</summary>
    Relative,

    /// <summary>A difference from the best value.</summary>
    Absolute,
}
