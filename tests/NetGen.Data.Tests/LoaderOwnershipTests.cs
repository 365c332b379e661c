namespace NetGen.Data.Tests;

/// <summary>A loader has one position: whatever would take another loop's batches is refused before anything happens.</summary>
public sealed class LoaderOwnershipTests
{
    private const int Samples = 23, BatchSize = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<int> Workers => new(0, 1, 3);

    private static DataLoader Loader(int workers) =>
        new(new InMemoryImages([.. Enumerable.Range(0, Samples).Select(i => (byte)i)], new ImageShape(1, 1, 1), PixelLayout.Planar,
            new int[Samples]), BatchSize,
            new DataLoaderOptions { Workers = workers, PrefetchFactor = 2, Shuffle = true, Seed = 3 });

    private static List<int> Epoch(DataLoader loader, int epoch)
    {
        var given = new List<int>();
        foreach (Batch batch in loader.Epoch(epoch))
            given.AddRange(loader.Indices);
        return given;
    }

    /// <summary>Whatever is tried within a loop is refused, and the loop gives what it gives alone.</summary>
    [Theory]
    [MemberData(nameof(Workers))]
    public void A_loop_has_the_loader_to_itself(int workers)
    {
        using DataLoader loader = Loader(workers);
        List<int> expected = Epoch(loader, 1), given = [];
        foreach (Batch batch in loader.Epoch(1))
        {
            float[] before = batch.Input.ToArray();
            LoaderState state = loader.State;
            Refused(() => Epoch(loader, 2));
            Refused(() => loader.Epoch(1).GetEnumerator());
            Refused(() => loader.Start(1));
            Refused(() => loader.Restore(new LoaderState(3, 2, 1)));
            Refused(() => loader.TryNext(out _));
            Refused(() => ((IBatchSource)loader).StartLoop(1));
            Assert.Equal(state, loader.State);
            Assert.Equal(before, batch.Input.ToArray());
            given.AddRange(loader.Indices);
        }
        Assert.Equal(expected, given);
        Assert.Equal(expected, Epoch(loader, 1));

        static void Refused(Action action)
            => Assert.Contains("second source", Assert.Throws<InvalidOperationException>(action).Message, StringComparison.Ordinal);
    }

    /// <summary>The remedy that the message names: a second loader over the same set.</summary>
    [Theory]
    [MemberData(nameof(Workers))]
    public void Two_loaders_over_one_set_run_within_each_other(int workers)
    {
        using DataLoader outer = Loader(workers), inner = Loader(workers);
        List<int> expected = Epoch(outer, 1), given = [];
        foreach (Batch batch in outer.Epoch(1))
        {
            Assert.Equal(expected, Epoch(inner, 1));
            given.AddRange(outer.Indices);
        }
        Assert.Equal(expected, given);
    }

    [Theory]
    [MemberData(nameof(Workers))]
    public void However_a_loop_ends_another_may_begin(int workers)
    {
        using DataLoader loader = Loader(workers);
        List<int> expected = Epoch(loader, 1);
        for (int taken = 0; taken <= 5; taken++)
        {
            int left = taken;
            foreach (Batch batch in loader.Epoch(2))
            {
                if (left-- == 0)
                    break;
            }
            Assert.Equal(expected, Epoch(loader, 1));

            Assert.Throws<FormatException>(() =>
            {
                foreach (Batch batch in loader.Epoch(2))
                    throw new FormatException();
            });
            Assert.Equal(expected, Epoch(loader, 1));

            // By hand, to the end without Dispose.
            DataLoader.Enumerator enumerator = loader.Epoch(2).GetEnumerator();
            while (enumerator.MoveNext())
            {
            }
            Assert.Equal(expected, Epoch(loader, 1));
            Assert.False(enumerator.MoveNext());
            enumerator.Dispose();
            Assert.Equal(expected, Epoch(loader, 1));
        }

        // After a break the epoch may be gone on with.
        foreach (Batch batch in loader.Epoch(1))
            break;
        Assert.True(loader.TryNext(out _));
        Assert.Equal(expected[5..10], loader.Indices.ToArray());
    }

    [Theory]
    [MemberData(nameof(Workers))]
    public void A_disposed_enumerator_is_refused_and_takes_nothing(int workers)
    {
        using DataLoader loader = Loader(workers);
        List<int> expected = Epoch(loader, 1);
        DataLoader.Enumerator first = loader.Epoch(1).GetEnumerator();
        Assert.True(first.MoveNext());
        first.Dispose();
        Refused(ref first);

        // Nor does its second Dispose end another's loop.
        DataLoader.Enumerator second = loader.Epoch(1).GetEnumerator();
        Assert.True(second.MoveNext());
        Refused(ref first);
        first.Dispose();
        Assert.Throws<InvalidOperationException>(() => loader.Start(1));
        Assert.True(second.MoveNext());
        Assert.Equal(expected[5..10], loader.Indices.ToArray());
        second.Dispose();

        static void Refused(ref DataLoader.Enumerator enumerator)
        {
            string? message = null;
            try
            {
                enumerator.MoveNext();
            }
            catch (InvalidOperationException exception)
            {
                message = exception.Message;
            }
            Assert.Contains("has ended", message, StringComparison.Ordinal);
        }
    }

    /// <summary>
    /// Start gives up what Start began, which is its contract. But who then asks for the batches of what was given up is told so.
    /// </summary>
    [Theory]
    [MemberData(nameof(Workers))]
    public void Loops_by_Start_that_were_given_up_are_told_so(int workers)
    {
        using DataLoader loader = Loader(workers);
        List<int> expected = Epoch(loader, 1);
        loader.Start(1);
        Assert.True(loader.TryNext(out _));
        Assert.Equal(expected, Epoch(loader, 1));
        Lost(() => loader.TryNext(out _));

        using DataLoader nested = Loader(workers);
        nested.Start(1);
        Assert.True(nested.TryNext(out _));
        for (int trial = 0; trial < 2; trial++)
        {
            nested.Start(1);
            while (nested.TryNext(out _))
            {
            }
        }
        Lost(() => nested.TryNext(out _));

        // Whoever begins anew is served.
        loader.Start(1);
        Assert.True(loader.TryNext(out _));
        Assert.Equal(expected[..5], loader.Indices.ToArray());

        static void Lost(Action action)
            => Assert.Contains("was given up", Assert.Throws<InvalidOperationException>(action).Message, StringComparison.Ordinal);
    }

    /// <summary>A second thread is refused while the first is in the loader, and the first gets what it would have got.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_second_thread_is_refused(int workers)
    {
        using var reading = new SemaphoreSlim(0);
        using var gate = new ManualResetEventSlim();
        using var loader = new DataLoader(new Waiting(8, reading, gate), 4, new DataLoaderOptions { Workers = workers });
        Task<List<int>> first = Task.Run(() => Epoch(loader, 1));
        Assert.True(await reading.WaitAsync(Patience));
        // With workers, a worker reads before the first thread has come to wait; the loop has the loader in any case.
        Assert.Throws<InvalidOperationException>(() => loader.Epoch(1).GetEnumerator());
        Assert.Throws<InvalidOperationException>(() => loader.TryNext(out _));
        Assert.Throws<InvalidOperationException>(() => loader.Start(2));
        gate.Set();
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], await first.WaitAsync(Patience));
    }

    [Fact]
    public async Task Two_threads_that_ask_at_once_are_told_how_not_to()
    {
        using var reading = new SemaphoreSlim(0);
        using var gate = new ManualResetEventSlim();
        using var loader = new DataLoader(new Waiting(8, reading, gate), 4, new DataLoaderOptions { Workers = 0 });
        loader.Start(1);
        Task<int> first = Task.Run(() => loader.TryNext(out Batch batch) ? batch.Count : -1);
        Assert.True(await reading.WaitAsync(Patience));
        foreach (Action action in (Action[])[() => loader.TryNext(out _), () => loader.Start(1), () => loader.Epoch(1).GetEnumerator()])
            Assert.Contains("a source for each thread", Assert.Throws<InvalidOperationException>(action).Message, StringComparison.Ordinal);
        gate.Set();
        Assert.Equal(4, await first.WaitAsync(Patience));
        Assert.Equal([4, 5, 6, 7], Next(loader));
    }

    private static int[] Next(DataLoader loader) => loader.TryNext(out _) ? loader.Indices.ToArray() : [];

    /// <summary>Many threads at one loader: each batch goes to one of them, whole, or the call is refused.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Threads_at_one_loader_never_spoil_it(int workers)
    {
        using DataLoader loader = Loader(workers);
        List<int> expected = Epoch(loader, 1);
        for (int round = 0; round < 200; round++)
        {
            loader.Start(1);
            int given = 0;
            Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
            {
                while (true)
                {
                    try
                    {
                        if (!loader.TryNext(out Batch batch))
                            return;
                        Interlocked.Add(ref given, batch.Count);
                    }
                    catch (InvalidOperationException)
                    {
                        Thread.Yield();
                    }
                }
            });
            Assert.Equal(Samples, given);
        }
        Assert.Equal(expected, Epoch(loader, 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Disposal_within_a_loop_ends_it_by_its_name(int workers)
    {
        DataLoader loader = Loader(workers);
        int given = 0;
        Assert.Throws<ObjectDisposedException>(() =>
        {
            foreach (Batch batch in loader.Epoch(1))
            {
                given++;
                loader.Dispose();
                // What was given is still there.
                Assert.Equal(5, batch.Input.ToArray().Length);
            }
        });
        Assert.Equal(1, given);
        Assert.Throws<ObjectDisposedException>(() => loader.Epoch(1).GetEnumerator());
        Assert.Throws<ObjectDisposedException>(() => loader.Restore(new LoaderState(3, 1, 0)));
    }

    /// <summary>Disposal by another thread wakes whoever waits for a batch, which no worker would fill any more.</summary>
    [Fact]
    public async Task Disposal_wakes_whoever_waits()
    {
        using var reading = new SemaphoreSlim(0);
        using var gate = new ManualResetEventSlim();
        var loader = new DataLoader(new Waiting(40, reading, gate), 4, new DataLoaderOptions { Workers = 1, PrefetchFactor = 1 });
        Task waiting = Task.Run(() =>
        {
            foreach (Batch batch in loader.Epoch(1))
            {
            }
        });
        Assert.True(await reading.WaitAsync(Patience));
        Task disposing = Task.Run(loader.Dispose);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.WaitAsync(Patience));
        Assert.False(disposing.IsCompleted);
        gate.Set();
        await disposing.WaitAsync(Patience);
    }

    /// <summary>Says when an image is asked for, and gives it once the gate is open.</summary>
    private sealed class Waiting(int count, SemaphoreSlim reading, ManualResetEventSlim gate) : ImageDataset
    {
        private readonly byte[] _pixel = [7];

        public override int Count => count;

        public override int Channels => 1;

        public override ImageShape? Shape => new(1, 1, 1);

        public override int LabelOf(int index) => 0;

        public override string Describe(int index) => $"picture {index}";

        public override ImageView Read(int index, ImageBuffer buffer)
        {
            reading.Release();
            gate.Wait();
            return new ImageView(_pixel, new ImageShape(1, 1, 1), PixelLayout.Planar);
        }
    }
}
