namespace NetGen;

/// <summary>
/// Moves the learning rate of an optimiser, and of its groups with a rate of their own, along a schedule. The rates that it finds
/// are the initial ones; it sets the first of the schedule at once, and the next with each <see cref="Step"/>, which
/// holds from the next training step on.
/// </summary>
/// <remarks>
/// An optimiser follows one scheduler, the last that was made for it; a rate that is set by hand holds until the next
/// <see cref="Step"/>. To warm up and then go on with something else, take <see cref="SequentialLR"/>. Not synchronised: step it between
/// training steps, on the same thread.
/// </remarks>
/// <example>
/// <code>
/// var optimizer = new SGD(0.1f, momentum: 0.9f);
/// var scheduler = new LearningRateScheduler(optimizer, new CosineAnnealingLR(epochs));
/// for (int epoch = 0; epoch &lt; epochs; epoch++)
/// {
///     Train(trainer);
///     scheduler.Step();
/// }
/// </code>
/// </example>
public sealed class LearningRateScheduler : IStateful
{
    private readonly ScheduledRates _rates;
    private readonly double? _initialMomentum;
    private double?[] _initial;

    /// <summary>Puts an optimiser on a schedule.</summary>
    /// <param name="optimizer">The optimiser, whose present rates are the initial ones.</param>
    /// <param name="schedule">The schedule.</param>
    /// <exception cref="ArgumentException">The schedule cycles the momentum, and the optimiser has none.</exception>
    public LearningRateScheduler(Optimizer optimizer, LearningRateSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(schedule);
        if (schedule.CyclesMomentum && optimizer.CyclicMomentum == null)
            throw new ArgumentException($"The schedule cycles the momentum, which {optimizer.GetType().Name} does not have; switch it "
                + $"off with cycleMomentum: false.", nameof(schedule));
        Schedule = schedule;
        _rates = new ScheduledRates(optimizer, this);
        _initial = _rates.Read();
        _initialMomentum = optimizer.CyclicMomentum;
        MoveTo(0);
        // Last, so that an error leaves the optimiser with the scheduler it had.
        _rates.TakeOver();
    }

    /// <summary>The optimiser.</summary>
    public Optimizer Optimizer => _rates.Optimizer;

    /// <summary>The schedule.</summary>
    public LearningRateSchedule Schedule { get; }

    /// <summary>Steps so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Goes to the next rate. Where the schedule has ended this throws, and nothing changes.</summary>
    /// <exception cref="InvalidOperationException">The schedule has ended, or the optimiser follows another scheduler by now.</exception>
    public void Step()
    {
        _rates.CheckOwner();
        JoinNewGroups();
        MoveTo(Steps + 1);
    }

    /// <summary>
    /// All that is needed to go on later with the same bits: steps, initial and present rates, and the schedule's settings to compare
    /// with. Names and invariant numbers, fit for JSON or the metadata of a file.
    /// </summary>
    public IReadOnlyDictionary<string, string> GetState()
    {
        JoinNewGroups();
        var state = new ScheduleState();
        state.Set("schedule", Schedule.ToString()!);
        state.Set("steps", Steps);
        state.Set("initial_rates", _initial);
        _rates.Save(state);
        return state.Values;
    }

    /// <summary>Goes on from a state that <see cref="GetState"/> gave for the same schedule and the same groups.</summary>
    /// <param name="state">The state.</param>
    /// <exception cref="ArgumentException">
    /// The state is of another schedule or of other groups, or incomplete; nothing is changed.
    /// </exception>
    /// <exception cref="InvalidOperationException">The optimiser follows another scheduler by now.</exception>
    public void Restore(IReadOnlyDictionary<string, string> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _rates.CheckOwner();
        var source = new ScheduleState(state);
        source.Expect("schedule", Schedule.ToString()!);
        long steps = source.GetCount("steps");
        double?[] initial = source.GetRates("initial_rates");
        // The last that can fail; nothing is changed before.
        _rates.Restore(source, initial);
        _initial = initial;
        Steps = steps;
    }

    // A group that got its own rate after the scheduler was made begins with that.
    private void JoinNewGroups()
    {
        int count = _rates.Count;
        if (_initial.Length != count)
            Array.Resize(ref _initial, count);
        for (int i = 0; i < count; i++)
            _initial[i] = _rates[i] is Rate rate ? _initial[i] ?? rate.Value : null;
    }

    // First all that can throw, then the changes.
    private void MoveTo(long step)
    {
        double momentum = Schedule.CyclesMomentum ? Schedule.Momentum(step, _initialMomentum!.Value) : 0;
        Span<double> rates = stackalloc double[16];
        if (_initial.Length > rates.Length)
            rates = new double[_initial.Length];
        for (int i = 0; i < _initial.Length; i++)
        {
            if (_initial[i] is double initial)
                rates[i] = Schedule.Rate(step, initial);
        }
        for (int i = 0; i < _initial.Length; i++)
        {
            if (_initial[i] != null)
                _rates[i]!.Value = rates[i];
        }
        if (Schedule.CyclesMomentum)
            Optimizer.CyclicMomentum = momentum;
        Steps = step;
    }
}
