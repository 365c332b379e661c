using System.Diagnostics;

namespace NetGen.Data.Tests;

public sealed class DataLoaderTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>Noise of 2 × 6 × 5, labelled by number.</summary>
    private static InMemoryImages Noise(int count)
    {
        var pixels = new byte[count * 60];
        new Random(5).NextBytes(pixels);
        return new InMemoryImages(pixels, new ImageShape(2, 6, 5), PixelLayout.Planar, [.. Enumerable.Range(0, count)]);
    }

    private static DataLoaderOptions Augmented(int workers, bool dropLast = false) => new()
    {
        Shuffle = true,
        Seed = 9,
        Workers = workers,
        DropLast = dropLast,
        Transform = new Compose(new RandomCrop(5, padding: 1), new RandomHorizontalFlip(), new ToTensor(), new Normalize(0.5f, 0.25f)),
    };

    private sealed record Given(int[] Indices, int[] Labels, float[] Input);

    private static List<Given> Epoch(DataLoader loader, int epoch, int firstBatch = 0)
    {
        var batches = new List<Given>();
        foreach (Batch batch in loader.Epoch(epoch, firstBatch))
        {
            batches.Add(new Given(loader.Indices.ToArray(), batch.Labels.ToArray(), batch.Input.ToArray()));
            Assert.Equal(batch.Count, batch.Labels.Length);
            Assert.Equal(batch.Count * loader.SampleShape.Length, batch.Input.Length);
        }
        return batches;
    }

    private static void AssertEqual(List<Given> expected, List<Given> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.Equal(expected[i].Indices, actual[i].Indices);
            Assert.Equal(expected[i].Labels, actual[i].Labels);
            Assert.Equal(expected[i].Input, actual[i].Input);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_sample_comes_once_the_last_batch_short_or_dropped(int workers)
    {
        using var loader = new DataLoader(Noise(103), 10, Augmented(workers));
        Assert.Equal((103, 11, 10, new ImageShape(2, 5, 5)), (loader.Count, loader.BatchCount, loader.BatchSize, loader.SampleShape));
        List<Given> batches = Epoch(loader, 1);
        Assert.Equal([.. Enumerable.Repeat(10, 10), 3], batches.Select(batch => batch.Indices.Length));
        Assert.Equal(Enumerable.Range(0, 103), batches.SelectMany(batch => batch.Indices).Order());
        Assert.All(batches, batch => Assert.Equal(batch.Indices, batch.Labels));
        Assert.False(loader.TryNext(out _));

        using var dropping = new DataLoader(Noise(103), 10, Augmented(workers, dropLast: true));
        Assert.Equal((100, 10), (dropping.Count, dropping.BatchCount));
        AssertEqual(batches[..10], Epoch(dropping, 1));
    }

    [Fact]
    public void Without_shuffling_the_order_is_that_of_the_set_and_values_are_bytes_over_255()
    {
        InMemoryImages set = Noise(7);
        using var loader = new DataLoader(set, 3);
        List<Given> batches = Epoch(loader, 4);
        Assert.Equal(Enumerable.Range(0, 7), batches.SelectMany(batch => batch.Indices));
        Assert.Equal(Enumerable.Range(0, 7).SelectMany(i => set[i].ToArray()).Select(b => b / 255f),
            batches.SelectMany(batch => batch.Input));
    }

    [Fact]
    public void Contents_do_not_depend_on_the_number_of_workers()
    {
        InMemoryImages set = Noise(203);
        using var alone = new DataLoader(set, 8, Augmented(0));
        List<Given> first = Epoch(alone, 1), second = Epoch(alone, 2);
        foreach ((int workers, int prefetch) in new[] { (1, 1), (1, 2), (2, 1), (4, 3), (9, 5) })
        {
            using var loader = new DataLoader(set, 8, Augmented(workers) with { PrefetchFactor = prefetch });
            AssertEqual(first, Epoch(loader, 1));
            AssertEqual(second, Epoch(loader, 2));
            // And in any order of epochs.
            AssertEqual(first, Epoch(loader, 1));
        }
    }

    [Fact]
    public void Seeds_and_epochs_decide_order_and_augmentation()
    {
        InMemoryImages set = Noise(50);
        using var loader = new DataLoader(set, 50, Augmented(1));
        using var other = new DataLoader(set, 50, Augmented(1) with { Seed = 10 });
        Given first = Epoch(loader, 1)[0], second = Epoch(loader, 2)[0], seeded = Epoch(other, 1)[0];
        Assert.NotEqual(first.Indices, second.Indices);
        Assert.NotEqual(first.Indices, seeded.Indices);
        // The same sample looks different in the other epoch: at least most of them do.
        int Differing(Given given) => Enumerable.Range(0, 50).Count(i =>
            !first.Input.AsSpan(Array.IndexOf(first.Indices, i) * 50, 50)
                .SequenceEqual(given.Input.AsSpan(Array.IndexOf(given.Indices, i) * 50, 50)));
        Assert.InRange(Differing(second), 30, 50);
        Assert.InRange(Differing(seeded), 30, 50);
    }

    [Fact]
    public void All_orders_are_about_as_likely()
    {
        // 24 orders of four samples: chi-squared of 23 degrees of freedom stays below 58 but for one seed in 10,000.
        using var loader = new DataLoader(Noise(4), 4, new DataLoaderOptions { Shuffle = true, Seed = 4, Workers = 0 });
        var counts = new Dictionary<string, int>();
        const int Epochs = 12_000;
        for (int epoch = 1; epoch <= Epochs; epoch++)
        {
            loader.Start(epoch);
            Assert.True(loader.TryNext(out _));
            string order = string.Join(" ", loader.Indices.ToArray());
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }
        Assert.Equal(24, counts.Count);
        Assert.InRange(counts.Values.Sum(count => Math.Pow(count - Epochs / 24.0, 2) / (Epochs / 24.0)), 5, 58);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_loader_goes_on_from_a_saved_state_with_the_same_bits(int workers)
    {
        InMemoryImages set = Noise(103);
        using var whole = new DataLoader(set, 10, Augmented(workers));
        List<Given> expected = Epoch(whole, 3);

        LoaderState state;
        using (var interrupted = new DataLoader(set, 10, Augmented(workers)))
        {
            Assert.Equal(new LoaderState(9, 0, 0), interrupted.State);
            interrupted.Start(3);
            for (int i = 0; i < 4; i++)
                Assert.True(interrupted.TryNext(out _));
            state = interrupted.State;
            Assert.Equal(new LoaderState(9, 3, 4), state);
        }

        using var resumed = new DataLoader(set, 10, Augmented(workers));
        resumed.Restore(state);
        var rest = new List<Given>();
        while (resumed.TryNext(out Batch batch))
            rest.Add(new Given(resumed.Indices.ToArray(), batch.Labels.ToArray(), batch.Input.ToArray()));
        AssertEqual(expected[4..], rest);
        AssertEqual(expected[7..], Epoch(resumed, 3, 7));
        Assert.Empty(Epoch(resumed, 3, 11));
        Assert.Equal(new LoaderState(9, 3, 11), resumed.State);

        Assert.Contains("seed 9", Assert.Throws<ArgumentException>(() => resumed.Restore(state with { Seed = 1 })).Message);
        Assert.Throws<ArgumentException>(() => resumed.Restore(state with { Batch = 12 }));
        Assert.Throws<ArgumentException>(() => resumed.Restore(state with { Epoch = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => resumed.Start(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => resumed.Start(1, 12));
        Assert.Equal(new LoaderState(9, 3, 11), resumed.State);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Epochs_may_be_broken_off_anywhere(int workers)
    {
        using var loader = new DataLoader(Noise(103), 10, Augmented(workers));
        List<Given> expected = Epoch(loader, 1);
        for (int given = 0; given <= 11; given++)
        {
            loader.Start(2);
            for (int i = 0; i < given; i++)
                Assert.True(loader.TryNext(out _));
            AssertEqual(expected, Epoch(loader, 1));
        }
    }

    /// <summary>A set whose images fail, wait, or take their time.</summary>
    private sealed class Troubled(int count, Action<int> read) : ImageDataset
    {
        private readonly byte[] _pixel = [7];

        public override int Count => count;

        public override int Channels => 1;

        public override ImageShape? Shape => new(1, 1, 1);

        public override int LabelOf(int index) => 0;

        public override string Describe(int index) => $"picture {index}";

        public override ImageView Read(int index, ImageBuffer buffer)
        {
            read(index);
            return new ImageView(_pixel, new ImageShape(1, 1, 1), PixelLayout.Planar);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void What_a_worker_throws_surfaces_at_the_batch_and_names_the_sample(int workers)
    {
        bool broken = true;
        var set = new Troubled(20, index =>
        {
            if (broken && index == 9)
                throw new FormatException("out of tea");
        });
        using var loader = new DataLoader(set, 4, new DataLoaderOptions { Workers = workers });
        loader.Start(1);
        Assert.True(loader.TryNext(out _) && loader.TryNext(out _));
        var exception = Assert.Throws<DataLoaderException>(() => loader.TryNext(out _));
        Assert.Equal("Sample 9, picture 9: out of tea", exception.Message);
        Assert.Equal(9, exception.Index);
        Assert.IsType<FormatException>(exception.InnerException);

        // Nothing else is lost.
        Assert.True(loader.TryNext(out _));
        Assert.Equal([12, 13, 14, 15], loader.Indices.ToArray());
        broken = false;
        Assert.Equal(5, Epoch(loader, 2).Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Damaged_files_are_named_or_skipped_and_counted(int workers)
    {
        for (int i = 0; i < 12; i++)
        {
            byte[] file = PngFile.Encode(1, 1, 1, [(byte)i]);
            if (i is 2 or >= 4 and < 8)
                file[45] ^= 1;
            _directory.Write($"class/{i:D2}.png", file);
        }
        var set = new ImageFolder(_directory.Path, 1);
        var options = new DataLoaderOptions { Transform = new Compose(new CenterCrop(1), new ToTensor()), Workers = workers };
        using (var strict = new DataLoader(set, 4, options))
        {
            strict.Start(1);
            var exception = Assert.Throws<DataLoaderException>(() => strict.TryNext(out _));
            Assert.Contains($"{_directory.File(Path.Combine("class", "02.png"))}: at byte 33: chunk IDAT is damaged", exception.Message);
            Assert.IsType<ImageFileException>(exception.InnerException);
        }

        using var skipping = new DataLoader(set, 4, options with { SkipCorrupt = true });
        List<Given> batches = Epoch(skipping, 1);
        // The second batch has no sample left.
        Assert.Equal([[0, 1, 3], [8, 9, 10, 11]], batches.Select(batch => batch.Indices));
        Assert.Equal([0, 1, 3, 8, 9, 10, 11], batches.SelectMany(batch => batch.Input).Select(value => (int)MathF.Round(value * 255)));
        Assert.Equal(5, skipping.SkippedCount);
        Epoch(skipping, 2);
        Assert.Equal(10, skipping.SkippedCount);
        Assert.Equal([2, 4, 5, 6, 7], skipping.Skipped.Select(sample => sample.Index));
        Assert.Equal(33, skipping.Skipped[0].Error.Offset);

        // Files that are gone are another matter.
        File.Delete(_directory.File("class/00.png"));
        skipping.Start(3);
        Assert.IsType<FileNotFoundException>(Assert.Throws<DataLoaderException>(() => skipping.TryNext(out _)).InnerException);
    }

    [Fact]
    public async Task Waiting_ends_when_the_token_is_cancelled_and_can_be_taken_up_again()
    {
        using var gate = new ManualResetEventSlim();
        using var loader = new DataLoader(new Troubled(8, _ => gate.Wait()), 4);
        loader.Start(1);
        using var cancellation = new CancellationTokenSource();
        Task waiting = Task.Run(() => loader.TryNext(out _, cancellation.Token));
        await Task.Delay(50);
        Assert.False(waiting.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience));
        Assert.Throws<OperationCanceledException>(() => loader.TryNext(out _, cancellation.Token));
        gate.Set();
        Assert.True(loader.TryNext(out Batch batch));
        Assert.Equal(4, batch.Count);
        Assert.Equal([0, 1, 2, 3], loader.Indices.ToArray());
    }

    [Fact]
    public async Task Disposal_ends_workers_wherever_they_are()
    {
        for (int trial = 0; trial < 30; trial++)
        {
            var loader = new DataLoader(Noise(64), 4, Augmented(3));
            if (trial % 3 > 0)
                loader.Start(1);
            for (int i = 0; i < trial % 5 && trial % 3 > 0; i++)
                loader.TryNext(out _);
            await Task.Run(loader.Dispose).WaitAsync(Patience);
            loader.Dispose();
            Assert.Throws<ObjectDisposedException>(() => loader.Start(1));
            Assert.Throws<ObjectDisposedException>(() => loader.TryNext(out _));
        }
    }

    [Fact]
    public void Workers_run_ahead_as_far_as_there_are_batches_in_the_ring_and_no_farther()
    {
        int read = 0;
        using var loader =
            new DataLoader(new Troubled(1000, _ => Interlocked.Increment(ref read)), 10,
            new DataLoaderOptions { Workers = 2, PrefetchFactor = 2 });
        loader.Start(1);
        // Nothing given yet: all five slots may be filled. One given: four besides it.
        WaitFor(50);
        Assert.True(loader.TryNext(out _));
        WaitFor(50);
        Assert.True(loader.TryNext(out _));
        WaitFor(60);

        void WaitFor(int expected)
        {
            var time = Stopwatch.StartNew();
            while (Volatile.Read(ref read) < expected && time.Elapsed < Patience)
                Thread.Sleep(1);
            Thread.Sleep(30);
            Assert.Equal(expected, Volatile.Read(ref read));
        }
    }

    /// <summary>The memory of a batch stays as it is until the next is asked for, however fast the workers are.</summary>
    [Fact]
    public void A_batch_is_left_alone_while_it_is_looked_at()
    {
        InMemoryImages set = Noise(400);
        using var loader = new DataLoader(set, 4, new DataLoaderOptions { Workers = 4, PrefetchFactor = 1 });
        int batches = 0;
        foreach (Batch batch in loader.Epoch(1))
        {
            float[] before = batch.Input.ToArray();
            if (batches++ % 10 == 0)
                Thread.Sleep(2);
            Assert.True(batch.Input.SequenceEqual(before));
            Assert.Equal(set[4 * (batches - 1)][0] / 255f, before[0]);
        }
        Assert.Equal(100, batches);
    }

    [Fact]
    public void Settings_say_everything_that_decides_the_batches()
    {
        using var loader = new DataLoader(Noise(103), 10, Augmented(2, dropLast: true) with { SkipCorrupt = true });
        Assert.Equal(
            "103 images in batches of 10, the last dropped if not full, shuffled, seed 9, damaged files skipped, RandomCrop(5, "
                + "padding: 1), RandomHorizontalFlip(0.5), ToTensor(), Normalize([0.5], [0.25])",
            loader.Settings);
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        InMemoryImages set = Noise(10);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(set, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(set, 1, new DataLoaderOptions { Workers = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(set, 1, new DataLoaderOptions { PrefetchFactor = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(set, int.MaxValue));
        Assert.Throws<ArgumentException>(() => new DataLoader(set.Subset(0, 0), 1));
        Assert.Contains("there is no batch",
            Assert.Throws<ArgumentException>(() => new DataLoader(set, 11, new DataLoaderOptions { DropLast = true })).Message);
        Assert.Throws<ArgumentException>(() => new DataLoader(set, 1, new DataLoaderOptions { Transform = new CenterCrop(2) }));
        Assert.Throws<ArgumentNullException>(() => new DataLoader(set, 1, new DataLoaderOptions { Transform = null! }));
    }
}
