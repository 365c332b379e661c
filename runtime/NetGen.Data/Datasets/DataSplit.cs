namespace NetGen.Data;

/// <summary>Divides samples among sets by chance, for samples of any kind: what is given are their numbers.</summary>
public static class DataSplit
{
    /// <summary>
    /// How many of so many samples each set gets. Shares are rounded down; what is then left goes to the sets one after the other, as with
    /// PyTorch's <c>random_split</c>.
    /// </summary>
    /// <param name="count">How many samples there are.</param>
    /// <param name="fractions">The share of each set; together 1.</param>
    /// <exception cref="ArgumentException">The fractions do not add up to 1, or one is not between 0 and 1.</exception>
    public static int[] Counts(int count, params double[] fractions)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentNullException.ThrowIfNull(fractions);
        double sum = 0;
        foreach (double fraction in fractions)
        {
            if (!(fraction is >= 0 and <= 1))
                throw new ArgumentException(FormattableString.Invariant($"A share lies between 0 and 1, got {fraction}."),
                    nameof(fractions));
            sum += fraction;
        }
        if (!(Math.Abs(sum - 1) <= 1e-9))
            throw new ArgumentException(FormattableString.Invariant($"Expected shares that add up to 1, got a sum of {sum}."),
                nameof(fractions));

        var counts = new int[fractions.Length];
        for (int i = 0; i < counts.Length; i++)
            counts[i] = (int)Math.Floor(count * fractions[i]);
        int left = count - counts.Sum();
        for (int i = 0; left > 0; i++, left--)
            counts[i % counts.Length]++;
        return counts;
    }

    /// <summary>Divides samples, each way of doing so as likely as any other.</summary>
    /// <param name="count">How many samples there are.</param>
    /// <param name="seed">Decides which sample goes where.</param>
    /// <param name="fractions">The share of each set; together 1.</param>
    /// <returns>For each set the numbers of its samples, from 0 to count − 1.</returns>
    /// <exception cref="ArgumentException">The fractions do not add up to 1, or one is not between 0 and 1.</exception>
    public static int[][] Random(int count, ulong seed, params double[] fractions) => Random(seed, Counts(count, fractions));

    /// <summary>
    /// Divides samples so that each set has its share of every class, as nearly as whole samples allow: the sizes of the sets are those of
    /// <see cref="Counts"/>, and of each class a set has its exact share within less than two samples.
    /// </summary>
    /// <param name="labels">The class of each sample.</param>
    /// <param name="seed">Decides which sample goes where.</param>
    /// <param name="fractions">The share of each set; together 1.</param>
    /// <returns>For each set the numbers of its samples, in an order drawn at random.</returns>
    /// <exception cref="ArgumentException">The fractions do not add up to 1, or one is not between 0 and 1.</exception>
    public static int[][] Stratified(ReadOnlySpan<int> labels, ulong seed, params double[] fractions)
    {
        int[] room = Counts(labels.Length, fractions), filled = new int[room.Length];
        int[][] sets = [.. room.Select(count => new int[count])];
        var random = new SampleRandom(seed, 0, 0, SampleRandom.Split);
        var order = new int[labels.Length];
        random.Permute(order);

        // The classes in their order, and within each the samples in the order drawn.
        var classes = new SortedDictionary<int, List<int>>();
        foreach (int sample in order)
        {
            if (!classes.TryGetValue(labels[sample], out List<int>? samples))
                classes.Add(labels[sample], samples = []);
            samples.Add(sample);
        }
        int left = labels.Length;
        foreach (List<int> samples in classes.Values)
        {
            int[] shares = Shares(samples.Count, room, left);
            int next = 0;
            for (int set = 0; set < sets.Length; set++)
            {
                for (int i = 0; i < shares[set]; i++)
                    sets[set][filled[set]++] = samples[next++];
                room[set] -= shares[set];
            }
            left -= samples.Count;
        }
        foreach (int[] set in sets)
            Shuffle(set, ref random);
        return sets;
    }

    internal static int[][] Random(ulong seed, int[] counts)
    {
        var order = new int[counts.Sum()];
        new SampleRandom(seed, 0, 0, SampleRandom.Split).Permute(order);
        var sets = new int[counts.Length][];
        int first = 0;
        for (int i = 0; i < sets.Length; i++)
        {
            sets[i] = order[first..(first + counts[i])];
            first += counts[i];
        }
        return sets;
    }

    /// <summary>
    /// Whole shares of a class: those of the places that are left, rounded down, and one more for the sets with the largest rests.
    /// </summary>
    private static int[] Shares(int count, int[] room, int left)
    {
        int[] shares = new int[room.Length], sets = [.. Enumerable.Range(0, room.Length)];
        var rests = new long[room.Length];
        int given = 0;
        for (int set = 0; set < room.Length; set++)
        {
            long exact = (long)count * room[set];
            shares[set] = (int)(exact / left);
            rests[set] = exact % left;
            given += shares[set];
        }
        foreach (int set in sets.OrderByDescending(set => rests[set]).Take(count - given))
            shares[set]++;
        return shares;
    }

    private static void Shuffle(int[] set, ref SampleRandom random)
    {
        for (int i = set.Length - 1; i > 0; i--)
        {
            int j = random.NextInt(i + 1);
            (set[i], set[j]) = (set[j], set[i]);
        }
    }
}
