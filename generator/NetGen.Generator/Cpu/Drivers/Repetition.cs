namespace NetGen.Generator.Cpu.Drivers;

/// <summary>Something that is compared with others of a sequence: equal kinds differ in numbers only.</summary>
/// <param name="Kind">Everything about it but the numbers, as one of <see cref="FactNumbers"/>.</param>
/// <param name="Numbers">Places in memory and the like.</param>
internal sealed record RepetitionToken(int Kind, long[] Numbers)
{
    public bool IsLike(RepetitionToken other) => Kind == other.Kind && Numbers.Length == other.Numbers.Length;
}

/// <summary>
/// A stretch of a sequence that comes several times in a row with equal kinds, and numbers that are equally far apart from time to time: it
/// needs to be written once.
/// </summary>
/// <param name="Start">Where it begins.</param>
/// <param name="Period">How long it is.</param>
/// <param name="Count">How often it comes; 1 for what does not repeat.</param>
internal sealed record Repetition(int Start, int Period, int Count)
{
    /// <summary>So much must be saved for a method of its own to be worth it, and so often it must come.</summary>
    private const int MinSaved = 12, MinCount = 3;

    public int End => Start + Period * Count;

    /// <summary>Cuts a sequence into repetitions and what stands between them.</summary>
    public static IReadOnlyList<Repetition> Find(IReadOnlyList<RepetitionToken> tokens, int minSaved = MinSaved)
    {
        var found = new List<Repetition>();
        int open = 0;
        for (int start = 0; start < tokens.Count;)
        {
            if (Best(tokens, start, minSaved) is not { } best)
            {
                start++;
                continue;
            }
            if (start > open)
                found.Add(new Repetition(open, start - open, 1));
            found.Add(best);
            start = open = best.End;
        }
        if (open < tokens.Count)
            found.Add(new Repetition(open, tokens.Count - open, 1));
        return found;
    }

    /// <summary>The repetition from there on that saves most; null if none saves enough.</summary>
    private static Repetition? Best(IReadOnlyList<RepetitionToken> tokens, int start, int minSaved)
    {
        Repetition? best = null;
        for (int period = 1; period * MinCount <= tokens.Count - start; period++)
        {
            int count = CountOf(tokens, start, period), saved = (count - 1) * period;
            if (count >= MinCount && saved >= minSaved && (best is null || saved > (best.Count - 1) * best.Period))
                best = new Repetition(start, period, count);
        }
        return best;
    }

    private static int CountOf(IReadOnlyList<RepetitionToken> tokens, int start, int period)
    {
        int count = 1;
        while (start + (count + 1) * period <= tokens.Count && Fits(tokens, start, period, count))
            count++;
        return count;
    }

    /// <summary>The stretch comes once more.</summary>
    private static bool Fits(IReadOnlyList<RepetitionToken> tokens, int start, int period, int time)
    {
        for (int i = 0; i < period; i++)
        {
            RepetitionToken first = tokens[start + i], next = tokens[start + i + time * period];
            if (!first.IsLike(next))
                return false;
            long[] second = tokens[start + i + period].Numbers;
            for (int k = 0; k < first.Numbers.Length; k++)
            {
                if (next.Numbers[k] != first.Numbers[k] + time * (second[k] - first.Numbers[k]))
                    return false;
            }
        }
        return true;
    }
}
