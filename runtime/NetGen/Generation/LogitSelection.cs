namespace NetGen;

/// <summary>
/// Finds where the largest of many values end that have a given mass together, without sorting them: a histogram of the values' upper eight
/// bits, then one of the next eight bits of those in the bucket where the mass is reached, four in all. Equal values are never told apart,
/// and sums are taken in the order of the values, so that the result is the same everywhere.
/// </summary>
internal sealed class LogitSelection
{
    private const int KeyBits = 32, Bits = 8, Buckets = 1 << Bits;

    private readonly double[] _masses = new double[Buckets];

    /// <summary>
    /// The bits of a value as a number that orders as values do, +0 and −0 being equal.
    /// </summary>
    /// <param name="value">Not NaN.</param>
    public static uint KeyOf(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value + 0f);
        return (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
    }

    /// <summary>The largest value so that it and those above have the mass; the smallest of all where rounding leaves that short.</summary>
    /// <param name="values">None of them NaN, at least one.</param>
    /// <param name="masses">The mass of each; empty where each has 1.</param>
    /// <param name="mass">The mass to be reached, above 0.</param>
    /// <returns>The key of that value, and the mass of all that are above it.</returns>
    public (uint Key, double Above) Find(ReadOnlySpan<float> values, ReadOnlySpan<double> masses, double mass)
    {
        double above = 0;
        uint key = 0;
        for (int unknown = KeyBits; unknown > 0; unknown -= Bits)
            key = Narrow(values, masses, key, unknown, mass, ref above);
        return (key, above);
    }

    /// <summary>The prefix of the keys, one bucket's bits longer, of those where the mass is reached.</summary>
    /// <param name="values">All values.</param>
    /// <param name="masses">Their masses.</param>
    /// <param name="prefix">The bits of the key that are known.</param>
    /// <param name="unknown">How many are not.</param>
    /// <param name="mass">The mass to be reached.</param>
    /// <param name="above">Mass of the keys above the prefix, before and after.</param>
    private uint Narrow(
        ReadOnlySpan<float> values, ReadOnlySpan<double> masses, uint prefix, int unknown, double mass, ref double above)
    {
        int rest = unknown - Bits;
        double[] sums = _masses;
        sums.AsSpan().Clear();
        for (int i = 0; i < values.Length; i++)
        {
            uint key = KeyOf(values[i]);
            // A shift by all 32 bits would shift by none.
            if ((ulong)key >> unknown == prefix)
                sums[(int)(key >> rest) & (Buckets - 1)] += masses.IsEmpty ? 1 : masses[i];
        }
        int last = -1;
        double aboveLast = above;
        for (int bucket = Buckets - 1; bucket >= 0; bucket--)
        {
            if (sums[bucket] == 0)
                continue;
            (last, aboveLast) = (bucket, above);
            if (above + sums[bucket] >= mass)
                break;
            above += sums[bucket];
        }
        above = aboveLast;
        return prefix << Bits | (uint)last;
    }
}
