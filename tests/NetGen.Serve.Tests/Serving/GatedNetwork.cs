namespace NetGen.Serve.Tests.Serving;

/// <summary>
/// A network of two numbers a sample that doubles them, whose sessions wait at a gate: so tests decide what is computed and what waits.
/// </summary>
internal sealed class GatedNetwork : INetwork
{
    /// <summary>An input that has this value makes the call fail that it is in.</summary>
    public const float Bad = 13;

    // Those who wait at gates are threads of the pool, which would have few of them at first.
    static GatedNetwork() => ThreadPool.SetMinThreads(32, 32);

    private readonly List<int> _batches = [];
    private readonly SemaphoreSlim _entered = new(0);
    private readonly ManualResetEventSlim _gate = new(initialState: true);
    private int _inside, _most;

    public NetworkPorts Ports { get; } = new([new NetworkPort("input", 2)], [new NetworkPort("output", 2)], []);

    public IReadOnlyList<Parameter> Parameters => [];

    public NetworkGraph Graph => throw new NotSupportedException();

    /// <summary>Samples of each call so far, in the order in which they came to the gate.</summary>
    public int[] Batches
    {
        get
        {
            lock (_batches)
                return [.. _batches];
        }
    }

    /// <summary>The most calls that were inside at the same time.</summary>
    public int Most => Volatile.Read(ref _most);

    /// <summary>Closes the gate.</summary>
    /// <returns>Opens it, if the test has not: a predictor does not end while something waits there.</returns>
    public IDisposable Close()
    {
        _gate.Reset();
        return new Opening(this);
    }

    public void Open() => _gate.Set();

    /// <summary>Waits until one more call has come to the gate.</summary>
    public async Task Entered()
        => Assert.True(await _entered.WaitAsync(TimeSpan.FromSeconds(60)), "No call came to the gate.");

    public ISession CreateSession(int maxBatch = 1, SessionOptions? options = null) => new Session(this, maxBatch);

    public void Save(string path) => throw new NotSupportedException();

    public void LoadParameters(string path) => throw new NotSupportedException();

    public ITrainer CreateTrainer(int batchSize, Optimizer optimizer, TrainerOptions? options = null) => throw new NotSupportedException();

    private void Pass(int samples)
    {
        lock (_batches)
            _batches.Add(samples);
        int inside = Interlocked.Increment(ref _inside), most = Most;
        while (inside > most && Interlocked.CompareExchange(ref _most, inside, most) != most)
            most = Most;
        _entered.Release();
        _gate.Wait();
        Interlocked.Decrement(ref _inside);
    }

    private sealed class Opening(GatedNetwork network) : IDisposable
    {
        public void Dispose() => network.Open();
    }

    private sealed class Session(GatedNetwork network, int maxBatch) : ISession
    {
        public int MaxBatch => maxBatch;

        public NetworkPorts Ports => network.Ports;

        public VectorWidth VectorWidth => VectorWidth.Vector128;

        public int Threads => 1;

        public string Schedule => "gated";

        public void Forward(ReadOnlySpan<float> input, Span<float> output)
        {
            network.Pass(input.Length / 2);
            if (input.Contains(Bad))
                throw new InvalidDataException("13 brings bad luck.");
            for (int i = 0; i < input.Length; i++)
                output[i] = 2 * input[i];
        }

        public void Forward(in Batch batch, ReadOnlySpan<Memory<float>> outputs)
        {
            Assert.Equal(2 * batch.Count, batch.Input.Length);
            Forward(batch.Input, outputs[0].Span);
        }

        public void Dispose()
        {
        }
    }
}
