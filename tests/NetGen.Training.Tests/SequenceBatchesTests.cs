namespace NetGen.Training.Tests;

/// <summary>The source of samples of different lengths by itself.</summary>
public sealed class SequenceBatchesTests
{
    private const int Samples = 103;

    // A sample's tokens tell which one it is, and so does everything else that it has.
    private static readonly int[] Lengths = [.. Enumerable.Range(0, Samples).Select(i => 1 + i * i * 7 % 23)];
    private static readonly int[][] Tokens = [.. Lengths.Select((length, i) => Enumerable.Range(100 * i, length).ToArray())];
    private static readonly int[][] Others = [.. Lengths.Select((_, i) => Enumerable.Range(10 * i, 1 + i % 5).ToArray())];
    private static readonly float[][] Shapes =
        [.. Tokens.Select(sample => sample.SelectMany(token => new[] { token, -token / 2f }).ToArray())];

    private static readonly float[] Numbers = [.. Enumerable.Range(0, 3 * Samples).Select(i => i / 3f)];
    private static readonly int[] Labels = [.. Enumerable.Range(0, Samples).Select(i => -i)];

    public static TheoryData<ulong?, int, int?> Settings => new()
    {
        { null, 0, null }, { 5UL, 0, null }, { null, 40, null }, { 5UL, 40, null }, { 5UL, 45, null }, { 5UL, 1000, null },
        { null, 0, 60 }, { 5UL, 0, 60 }, { 5UL, 30, 60 }, { 5UL, int.MaxValue, 60 },
    };

    /// <summary>Values, lengths, targets per sample and per position: each sample has its own, and each comes once.</summary>
    [Theory]
    [MemberData(nameof(Settings))]
    public void An_epoch_gives_every_sample_once_with_all_that_it_has(ulong? seed, int pool, int? most)
    {
        var tokens = new SampleValues(Tokens);
        var shapes = new SampleValues(Shapes, 2) { Like = tokens };
        var source = new SequenceBatches([tokens, shapes, Numbers, Others], [Labels, Tokens], 10, seed, lengthPool: pool,
            maxPositions: most);
        Assert.Equal(Samples, source.Count);
        for (int epoch = 1; epoch <= 3; epoch++)
        {
            var seen = new List<int>();
            source.Start(epoch);
            int batches = 0;
            for (; source.TryNext(out Batch batch); batches++)
            {
                Assert.InRange(batch.Count, 1, source.BatchSize);
                Assert.Equal((6, 2), (batch.InputCount, batch.TargetCount));
                int[] samples = [.. batch.GetLabels(0).ToArray().Select(label => -label)];
                Assert.Equal(samples.SelectMany(i => Tokens[i]), batch.GetIntInput(0).ToArray());
                Assert.Equal(samples.Select(i => Lengths[i]), batch.GetIntInput(1).ToArray());
                Assert.Equal(samples.SelectMany(i => Shapes[i]), batch.GetInput(2).ToArray());
                Assert.Equal(samples.SelectMany(i => Numbers[(3 * i)..(3 * i + 3)]), batch.GetInput(3).ToArray());
                Assert.Equal(samples.SelectMany(i => Others[i]), batch.GetIntInput(4).ToArray());
                Assert.Equal(samples.Select(i => Others[i].Length), batch.GetIntInput(5).ToArray());
                Assert.Equal(samples.SelectMany(i => Tokens[i]), batch.GetLabels(1).ToArray());
                Assert.True(samples.Sum(i => Lengths[i] + Others[i].Length) <= (most ?? int.MaxValue));
                seen.AddRange(samples);
            }
            Assert.Equal(source.BatchCount, batches);
            Assert.Equal(Enumerable.Range(0, Samples), seen.Order());
            Assert.Equal(seed is null && pool == 0, seen.SequenceEqual(Enumerable.Range(0, Samples)));
        }
    }

    /// <summary>Epoch and batch are the whole state: what a checkpoint goes on with is what would have come.</summary>
    [Theory]
    [MemberData(nameof(Settings))]
    public void Every_batch_is_a_function_of_its_epoch_and_number(ulong? seed, int pool, int? most)
    {
        SequenceBatches Make() => new(Tokens, Labels, 10, seed, lengthPool: pool, maxPositions: most);
        SequenceBatches source = Make(), other = Make();
        Assert.Equal(source.Settings, other.Settings);
        List<int[]> first = Epoch(source, 1), second = Epoch(source, 2);
        Assert.Equal(seed is null, first.SelectMany(batch => batch).SequenceEqual(second.SelectMany(batch => batch)));
        for (int batch = 0; batch <= second.Count; batch++)
            Assert.Equal(second[batch..], Epoch(other, 2, batch));

        // What is refused leaves the epoch under way as it was.
        other.Start(2, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => other.Start(1, first.Count + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => other.Start(0));
        Assert.True(other.TryNext(out Batch next));
        Assert.Equal(second[1], next.Labels.ToArray());
    }

    [Fact]
    public void Samples_of_like_length_come_together_and_batches_of_all_lengths_in_any_order()
    {
        var source = new SequenceBatches(Tokens, Labels, 10, shuffleSeed: 3, lengthPool: Samples);
        List<int[]> batches = Epoch(source, 1);
        // All but the last, which is what was left over: one behind the other they were sorted.
        (int Least, int Most)[] ranges =
            [.. batches[..^1].Select(batch => (batch.Min(label => Lengths[-label]), batch.Max(label => Lengths[-label])))];
        (int Least, int Most)[] sorted = [.. ranges.OrderBy(range => range.Least).ThenBy(range => range.Most)];
        for (int i = 1; i < sorted.Length; i++)
            Assert.True(sorted[i].Least >= sorted[i - 1].Most);
        Assert.NotEqual(sorted, ranges);
        Assert.Equal(Samples % 10, batches[^1].Length);
        Assert.All(batches[..^1], batch => Assert.Equal(10, batch.Length));

        // A pool is whole batches of the order that was drawn: the first 40 samples of it are the first four batches' in another order.
        int[] drawn = [.. Epoch(new SequenceBatches(Tokens, Labels, 10, shuffleSeed: 3), 2).SelectMany(batch => batch)];
        List<int[]> pools = Epoch(new SequenceBatches(Tokens, Labels, 10, shuffleSeed: 3, lengthPool: 31), 2);
        int[][] expected = [.. drawn[..100].Chunk(40).SelectMany(pool => pool.OrderBy(label => Lengths[-label]).Chunk(10))];
        Assert.Equal(expected.Append(drawn[100..]).Select(Text).Order(), pools.Select(Text).Order());
    }

    [Fact]
    public void Batches_are_as_full_as_their_positions_allow()
    {
        var source = new SequenceBatches(Tokens, Labels, 1000, maxPositions: 50);
        List<int[]> batches = Epoch(source, 1);
        for (int i = 0; i + 1 < batches.Count; i++)
            Assert.True(batches[i].Append(batches[i + 1][0]).Sum(label => Lengths[-label]) > 50);
        int most = 0;
        for (int sum = 0; sum + Lengths.Order().ElementAt(most) <= 50; most++)
            sum += Lengths.Order().ElementAt(most);
        Assert.Equal(most, source.BatchSize);
        Assert.All(Epoch(new SequenceBatches(Tokens, Labels, 3, maxPositions: 50), 1), batch => Assert.InRange(batch.Length, 1, 3));
        Assert.Equal(2, new SequenceBatches(Tokens, Labels, 2, maxPositions: 50).BatchSize);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(1000)]
    public void A_short_last_batch_may_be_left_out_and_its_samples_are_of_any_length(int pool)
    {
        var source = new SequenceBatches(Tokens, Labels, 10, shuffleSeed: 1, dropLast: true, lengthPool: pool);
        Assert.Equal((100, 10), (source.Count, source.BatchSize));
        var left = new List<int>();
        for (int epoch = 1; epoch <= 100; epoch++)
        {
            int[] given = [.. Epoch(source, epoch).SelectMany(batch => batch)];
            Assert.Equal(100, given.Distinct().Count());
            left.AddRange(Enumerable.Range(0, Samples).Except(given.Select(label => -label)).Select(i => Lengths[i]));
        }
        Assert.Equal(300, left.Count);
        Assert.InRange(left.Average(), Lengths.Average() - 1.5, Lengths.Average() + 1.5);
    }

    [Fact]
    public void Settings_tell_sources_apart()
    {
        string[] all =
        [
            new SequenceBatches(Tokens, Labels, 10).Settings,
            new SequenceBatches(Tokens, Labels, 11).Settings,
            new SequenceBatches(Tokens, Labels, 10, 1).Settings,
            new SequenceBatches(Tokens, Labels, 10, dropLast: true).Settings,
            new SequenceBatches(Tokens, Labels, 10, lengthPool: 20).Settings,
            new SequenceBatches(Tokens, Labels, 10, maxPositions: 70).Settings,
            new SequenceBatches(Others, Labels, 10).Settings,
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal($"103 samples of {Lengths.Sum()} positions in batches of 10 and at most 70 positions, shuffled by seed 1, those of "
            + "like length of each 20 together", new SequenceBatches(Tokens, Labels, 10, 1, lengthPool: 20, maxPositions: 70).Settings);
    }

    [Fact]
    public void A_loop_has_the_source_to_itself()
    {
        IBatchSource source = new SequenceBatches(Tokens, Labels, 10);
        long loop = source.StartLoop(1);
        Assert.Contains("second source", Assert.Throws<InvalidOperationException>(() => source.Start(1)).Message);
        Assert.Contains("second source", Assert.Throws<InvalidOperationException>(() => source.TryNext(out _)).Message);
        Assert.True(source.TryNext(loop, out Batch batch));
        Assert.Equal(Labels[..10], batch.Labels.ToArray());
        source.EndLoop(loop);
        source.Start(1);
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Nothing_is_allocated(ulong? seed, int pool, int? most)
    {
        var source = new SequenceBatches(Tokens, Labels, 10, seed, lengthPool: pool, maxPositions: most);
        Run(1);
        long least = long.MaxValue;
        for (int epoch = 2; epoch < 7; epoch++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Run(epoch);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);

        void Run(int epoch)
        {
            source.Start(epoch);
            while (source.TryNext(out _))
            {
            }
        }
    }

    /// <summary>Flat values with lengths are the same as arrays of arrays.</summary>
    [Fact]
    public void Flat_values_with_lengths_give_the_same()
    {
        int[] flat = [.. Tokens.SelectMany(sample => sample)];
        var source = new SequenceBatches(new SampleValues(flat, Lengths), Labels, 10, shuffleSeed: 2);
        source.Start(1);
        var other = new SequenceBatches(Tokens, Labels, 10, shuffleSeed: 2);
        other.Start(1);
        while (source.TryNext(out Batch batch) & other.TryNext(out Batch same))
        {
            Assert.Equal(same.IntInput, batch.IntInput);
            Assert.Equal(same.GetIntInput(1), batch.GetIntInput(1));
        }
    }

    [Fact]
    public void What_does_not_fit_is_told_with_the_sample()
    {
        int[][] holed = [.. Tokens];
        holed[17] = [];
        Refused("samples", "Sample 17 is empty", () => new SampleValues(holed));
        holed[17] = null!;
        Refused("samples", "Sample 17 is null", () => new SampleValues(holed));
        Refused("samples", "Sample 1 has 3 values, which are no whole positions of 2", () => new SampleValues([[1f, 2], [1, 2, 3]], 2));
        Refused("lengths", "Sample 2 has a length of 0", () => new SampleValues(new int[3], [1, 2, 0]));
        Refused("lengths", "Sample 0 has a length of -1", () => new SampleValues(new int[3], [-1, 4]));
        Refused("values", "Expected 8 values, 2 for each of the 4 positions that the lengths of 2 samples say, got 7",
            () => new SampleValues(new float[7], [1, 3], 2));
        Refused("lengths", "at least one sample", () => new SampleValues(Array.Empty<int[]>()));

        Refused("targets[0]", "as many values for each of 103 samples, got 102", () => new SequenceBatches(Tokens, Labels[1..], 10));
        Refused("targets[0]", "Expected 103 samples, as inputs[0] has, got 102", () => new SequenceBatches(Tokens, Tokens[1..], 10));
        Refused("inputs[1]", "Expected 103 samples, as inputs[0] has, got 5", () => new SequenceBatches([Tokens, Others[..5]], [], 10));
        int[][] other = [.. Tokens];
        other[40] = [1, 2, 3, 4];
        Refused("targets[0]", $"Sample 40 has 4 positions, but {Lengths[40]} in inputs[0]", () => new SequenceBatches(Tokens, other, 10));
        Refused("inputs[1]", $"Sample 40 has 4 positions, but {Lengths[40]} in inputs[0]", () =>
        {
            var tokens = new SampleValues(Tokens);
            _ = new SequenceBatches([tokens, new SampleValues(other) { Like = tokens }], [], 10);
        });
        Refused("inputs[0]", "one of the inputs before it",
            () => new SequenceBatches([new SampleValues(Tokens) { Like = new SampleValues(Tokens) }], [], 10));
        Refused("targets[0]", "Like is of inputs", () => new SequenceBatches(Tokens, new SampleValues(Tokens) { Like = Tokens }, 10));
        Refused("inputs", "for ArrayBatches", () => new SequenceBatches(Labels, Labels, 10));
        Refused("inputs", "for ArrayBatches", () => new SequenceBatches([], [Labels], 10));
        Refused("inputs[1]", "It is null", () => new SequenceBatches([Tokens, null!], [Labels], 10));
        int longest = Array.FindIndex(Lengths, length => length > 20);
        Refused("maxPositions", $"Sample {longest} has {Lengths[longest]} positions or more, but a batch may have 20",
            () => new SequenceBatches(Tokens, Labels, 10, maxPositions: 20));
        Refused("dropLast", "none is to be dropped", () => new SequenceBatches(Tokens, Labels, 10, dropLast: true, maxPositions: 60));
        Refused("batchSize", "103 samples are no whole batch of 104", () => new SequenceBatches(Tokens, Labels, 104, dropLast: true));
        Refused("batchSize", "", () => new SequenceBatches(Tokens, Labels, 0));
        Refused("lengthPool", "", () => new SequenceBatches(Tokens, Labels, 1, lengthPool: -1));
        Refused("maxPositions", "", () => new SequenceBatches(Tokens, Labels, 1, maxPositions: 0));

        static void Refused(string parameter, string part, Action make)
        {
            ArgumentException refused = Assert.ThrowsAny<ArgumentException>(make);
            Assert.Equal(parameter, refused.ParamName);
            Assert.Contains(part, refused.Message, StringComparison.Ordinal);
        }
    }

    private static List<int[]> Epoch(SequenceBatches source, int epoch, int firstBatch = 0)
    {
        var batches = new List<int[]>();
        source.Start(epoch, firstBatch);
        while (source.TryNext(out Batch batch))
            batches.Add(batch.Labels.ToArray());
        return batches;
    }

    private static string Text(int[] batch) => string.Join(' ', batch);
}
