namespace NetGen.Generator.Cpu;

/// <summary>
/// Numbers for what is compared as values: equal facts, and equal sequences of them, have equal numbers, and others have others. What is
/// compared with hundreds of others then costs one number each time, and a look-up once.
/// </summary>
internal sealed class FactNumbers
{
    /// <summary>The sequence of no facts.</summary>
    public const int None = 0;

    private readonly Dictionary<object, int> _facts = [];
    private readonly Dictionary<(int Sequence, int Next), int> _sequences = [];

    /// <summary>The number of a fact, which must be comparable as a value.</summary>
    public int Of(object fact)
    {
        if (!_facts.TryGetValue(fact, out int number))
            _facts.Add(fact, number = NextNumber());
        return number;
    }

    /// <summary>The number of a sequence with another fact, or sequence, behind it.</summary>
    public int Join(int sequence, int next)
    {
        if (!_sequences.TryGetValue((sequence, next), out int number))
            _sequences.Add((sequence, next), number = NextNumber());
        return number;
    }

    /// <summary>The number of a sequence of facts.</summary>
    public int Of(params object[] facts) => facts.Aggregate(None, (sequence, fact) => Join(sequence, Of(fact)));

    // One count for both, so that a fact is never taken for a sequence.
    private int NextNumber() => _facts.Count + _sequences.Count + 1;
}
