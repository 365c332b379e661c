using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests;

/// <summary>What the sessions of all networks have in common, by a network of one weight: y = 2w · x.</summary>
public sealed class SessionCoreTests
{
    private const int Batch = 50;

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(4, 1, false)]
    [InlineData(4, 16, false)]
    [InlineData(3, 1, true)]
    [InlineData(64, 16, true)]
    public void Every_sample_is_computed_once_in_memory_of_the_worker_s_own(int threads, int group, bool divides)
    {
        using var parameters = new AlignedBuffer(1);
        Set(parameters, 3);
        using var session = new Doubled(Plan(group, divides), parameters, new PreparedWeights(parameters, 1), threads);
        foreach (int samples in (int[])[1, 2, 3, 17, Batch])
        {
            session.Reset();
            float[] input = [.. Enumerable.Range(1, samples).Select(i => (float)i)], output = new float[samples];
            session.Forward(input, output);
            Assert.Equal(input.Select(x => 6 * x), output);

            // Groups begin where the memory of a group begins.
            Assert.All(session.Shares, share => Assert.Equal(0, share.First % group));
            bool together = divides && threads > 1 && samples < threads;
            Assert.Equal(together ? 0 : samples, session.Shares.Sum(share => share.Count));
            if (together)
                Assert.InRange(session.Together.Count, samples, samples * threads);
        }
    }

    [Fact]
    public void Weights_are_prepared_when_they_have_changed()
    {
        using var parameters = new AlignedBuffer(1);
        Set(parameters, 3);
        using var session = new Doubled(Plan(1, divides: false), parameters, new PreparedWeights(parameters, 1), threads: 1);
        var output = new float[1];
        session.Forward([5], output);
        session.Forward([7], output);
        Assert.Equal((42, 1), (output[0], session.Preparations));
        Set(parameters, 1);
        session.Forward([7], output);
        Assert.Equal((14, 2), (output[0], session.Preparations));
    }

    [Fact]
    public void Tells_what_runs()
    {
        using var parameters = new AlignedBuffer(1);
        using var one = new Doubled(Plan(1, divides: true), parameters, null, threads: 1);
        using var two = new Doubled(Plan(1, divides: true), parameters, null, threads: 2);
        using var undivided = new Doubled(Plan(1, divides: false), parameters, null, threads: 2);
        Assert.Equal("128-bit vectors, 1 thread; one weight", one.Schedule);
        Assert.Equal(
            "128-bit vectors, 2 threads, which share each sample where there are more of them than samples; one weight", two.Schedule);
        Assert.Equal("128-bit vectors, 2 threads; one weight", undivided.Schedule);
        Assert.Equal((Batch, VectorWidth.Vector128, 2), (two.MaxBatch, two.VectorWidth, two.Threads));
    }

    [Fact]
    public void Serves_one_caller_and_none_after_its_disposal()
    {
        using var parameters = new AlignedBuffer(1);
        var session = new Doubled(Plan(1, divides: false), parameters, new PreparedWeights(parameters, 1), threads: 2);
        session.DuringCall = () => Assert.Contains("SessionCoreTests.Doubled is already in use", Assert.Throws<InvalidOperationException>(
            () => session.Forward([1], new float[1])).Message, StringComparison.Ordinal);
        session.Forward([1], new float[1]);
        Assert.True(session.Called);
        session.DuringCall = session.Dispose;
        session.Forward([1], new float[1]);
        Assert.Throws<ObjectDisposedException>(() => session.Forward([1], new float[1]));
        session.Dispose();
    }

    [Fact]
    public void Refuses_options_that_cannot_be()
    {
        using var parameters = new AlignedBuffer(1);
        SessionPlan plan = Plan(1, divides: false);
        var noBatch = Assert.Throws<ArgumentOutOfRangeException>(() => new Doubled(plan, parameters, null, 1, maxBatch: 0));
        Assert.Equal("maxBatch", noBatch.ParamName);
        Assert.Equal("Threads", Assert.Throws<ArgumentOutOfRangeException>(() => new Doubled(plan, parameters, null, -1)).ParamName);
    }

    private static SessionPlan Plan(int group, bool divides) => new()
    {
        RowBlock = 48,
        FixedLength = 16,
        RowLength = 1,
        ScratchLength = 16,
        SamplesPerGroup = group,
        DividesSamples = divides,
        WakesForOneSample = divides,
        Schedule = "one weight",
    };

    private static unsafe void Set(AlignedBuffer parameters, float value)
    {
        *parameters.Pointer = value;
        parameters.Touch();
    }

    private sealed unsafe class Doubled(
        SessionPlan plan, AlignedBuffer parameters, PreparedWeights? prepared, int threads, int maxBatch = Batch)
        : SessionCore(plan, new OneWeight(), parameters, prepared, maxBatch,
            new SessionOptions { Threads = threads, VectorWidth = VectorWidth.Vector128 })
    {
        private readonly object _lock = new();
        private float* _input, _output;

        public List<(int First, int Count)> Shares { get; } = [];

        public List<int> Together { get; } = [];

        public int Preparations { get; private set; }

        public Action? DuringCall { get; set; }

        public bool Called { get; private set; }

        public void Reset()
        {
            Shares.Clear();
            Together.Clear();
        }

        public void Forward(ReadOnlySpan<float> input, Span<float> output)
        {
            using Call call = Enter();
            int samples = Guard.Samples(input.Length, 1, MaxBatch, nameof(input));
            if (DuringCall is { } action)
            {
                action();
                Called = true;
            }
            fixed (float* source = input, target = output)
            {
                _input = source;
                _output = target;
                RunForward(samples);
            }
        }

        protected override void ComputeForward(in Share share)
        {
            Assert.True(share.Arena == share.Scratch && share.Capacity is >= 48 and < 64);
            Compute(share, share.Of(_input, 1), share.Of(_output, 1), share.Count, share.Arena + 16);
            lock (_lock)
                Shares.Add((share.First, share.Count));
        }

        protected override void ComputeForwardTogether(in Share share)
        {
            share.Scratch[0] = share.Worker;
            share.Pool.Meet(share.Worker);
            Assert.Equal(share.Worker, share.Scratch[0]);
            if (share.Worker == 0)
                Compute(share, share.Of(_input, 1), share.Of(_output, 1), 1, share.Arena);
            share.Pool.Meet(share.Worker);
            lock (_lock)
                Together.Add(share.First);
        }

        protected override void PrepareWeights(float* parameters, float* prepared)
        {
            *prepared = 2 * *parameters;
            Preparations++;
        }

        // Through the activations, so that memory that two workers share would show.
        private static void Compute(in Share share, float* input, float* output, int count, float* activations)
        {
            for (int done = 0; done < count; done += share.Capacity)
            {
                int block = Math.Min(share.Capacity, count - done);
                for (int i = 0; i < block; i++)
                    activations[i] = input[done + i] * *share.Prepared;
                for (int i = 0; i < block; i++)
                    output[done + i] = activations[i];
            }
        }
    }
}
