using System.Globalization;

namespace NetGen;

/// <summary>
/// One schedule after the other, PyTorch's <c>SequentialLR</c>: schedule i begins at milestone i − 1, counts its steps from there and
/// starts from the initial rate, not from where the one before it ended.
/// </summary>
/// <example>
/// Warm-up, then a cosine:
/// <code>
/// new SequentialLR([new LinearLR(0.01, totalSteps: 5), new CosineAnnealingLR(95)], milestones: [5])
/// </code>
/// </example>
public sealed class SequentialLR : LearningRateSchedule
{
    private readonly LearningRateSchedule[] _schedules;
    private readonly long[] _milestones;

    /// <summary>One schedule after the other.</summary>
    /// <param name="schedules">At least one.</param>
    /// <param name="milestones">Where the second and all later schedules begin, one fewer than schedules: above 0 and rising.</param>
    /// <exception cref="ArgumentException">There is no schedule, a number of milestones that does not fit, or they do not rise.</exception>
    public SequentialLR(IEnumerable<LearningRateSchedule> schedules, IEnumerable<long> milestones)
    {
        ArgumentNullException.ThrowIfNull(schedules);
        ArgumentNullException.ThrowIfNull(milestones);
        _schedules = [.. schedules];
        _milestones = [.. milestones];
        foreach (LearningRateSchedule schedule in _schedules)
            ArgumentNullException.ThrowIfNull(schedule, nameof(schedules));
        if (_schedules.Length == 0)
            throw new ArgumentException("Expected at least one schedule.", nameof(schedules));
        if (_milestones.Length != _schedules.Length - 1)
            throw new ArgumentException($"{_schedules.Length} schedules need {_schedules.Length - 1} milestones, but there "
                + $"are {_milestones.Length}.", nameof(milestones));
        for (int i = 0; i < _milestones.Length; i++)
        {
            if (_milestones[i] <= (i == 0 ? 0 : _milestones[i - 1]))
                throw new ArgumentException($"Milestones must be above 0 and rise, but they are {string.Join(", ", _milestones)}.",
                    nameof(milestones));
        }
    }

    /// <summary>The schedules, in order.</summary>
    public IReadOnlyList<LearningRateSchedule> Schedules => _schedules;

    /// <summary>Where the second and all later schedules begin.</summary>
    public IReadOnlyList<long> Milestones => _milestones;

    /// <summary>Name and settings, the same in every culture.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture, $"SequentialLR([{string.Join<LearningRateSchedule>(", ", _schedules)}], milestones "
            + $"[{string.Join(", ", _milestones)}])");

    internal override bool CyclesMomentum => Array.Exists(_schedules, schedule => schedule.CyclesMomentum);

    internal override double Rate(long step, double initialRate)
    {
        (LearningRateSchedule schedule, long start) = At(step);
        return schedule.Rate(step - start, initialRate);
    }

    internal override double Momentum(long step, double initialMomentum)
    {
        (LearningRateSchedule schedule, long start) = At(step);
        return schedule.Momentum(step - start, initialMomentum);
    }

    private (LearningRateSchedule Schedule, long Start) At(long step)
    {
        int i = 0;
        while (i < _milestones.Length && _milestones[i] <= step)
            i++;
        return (_schedules[i], i == 0 ? 0 : _milestones[i - 1]);
    }
}
