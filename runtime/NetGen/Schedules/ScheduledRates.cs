namespace NetGen;

/// <summary>The rates that a scheduler moves: the optimiser's, then that of each group, null where it follows the optimiser.</summary>
internal sealed class ScheduledRates(Optimizer optimizer, object owner)
{
    public Optimizer Optimizer => optimizer;

    public int Count => optimizer.GroupList.Count + 1;

    public Rate? this[int index] => index == 0 ? optimizer.Rate : optimizer.GroupList[index - 1].Rate;

    public double?[] Read() => [.. Enumerable.Range(0, Count).Select(i => this[i]?.Value)];

    /// <summary>From now on the optimiser follows this scheduler.</summary>
    public void TakeOver() => optimizer.Scheduler = owner;

    public void CheckOwner()
    {
        if (!ReferenceEquals(optimizer.Scheduler, owner))
            throw new InvalidOperationException("The optimiser follows another scheduler, which was made later.");
    }

    public void Save(ScheduleState state)
    {
        state.Set("rates", Read());
        if (optimizer.CyclicMomentum is double momentum)
            state.Set("momentum", momentum);
    }

    /// <param name="state">The state.</param>
    /// <param name="initial">Other rates of the state, which must be of the same groups.</param>
    /// <exception cref="ArgumentException">The state does not fit; nothing is changed.</exception>
    public void Restore(ScheduleState state, double?[]? initial = null) => Write(Parse(state, initial));

    /// <summary>The rates and the momentum of a state, which have been compared with what the optimiser has.</summary>
    public (double?[] Rates, double? Momentum) Parse(ScheduleState state, double?[]? initial = null)
    {
        double?[] rates = state.GetRates("rates");
        CheckGroups(rates, "rates");
        if (initial != null)
            CheckGroups(initial, "initial_rates");
        return (rates, optimizer.CyclicMomentum == null ? null : state.GetNumber("momentum"));
    }

    public void Write((double?[] Rates, double? Momentum) values)
    {
        for (int i = 0; i < values.Rates.Length; i++)
        {
            if (values.Rates[i] is double rate)
                this[i]!.Value = rate;
        }
        if (values.Momentum != null)
            optimizer.CyclicMomentum = values.Momentum;
    }

    private void CheckGroups(double?[] rates, string key)
    {
        if (rates.Length != Count)
            throw new ArgumentException($"State: '{key}' is of {rates.Length - 1} parameter groups, but the optimiser has {Count - 1}.");
        for (int i = 0; i < rates.Length; i++)
        {
            if (rates[i] == null != (this[i] == null))
                throw new ArgumentException($"State: '{key}' {(rates[i] == null ? "has no rate" : "has a rate")} for {(i == 0 ? "the optimiser" : $"parameter group {optimizer.GroupList[i - 1]}")}, which {(this[i] == null ? "has none of its own" : "has its own")}.");
        }
    }
}
