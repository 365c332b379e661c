using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>
/// What is the same in the sessions of all networks: memory for activations, threads, one caller at a time, and how a batch is divided.
/// The generated session adds what its network reads and writes, and the kernels.
/// </summary>
/// <remarks>
/// A public call of the generated class takes the session with <see cref="Enter"/>, checks its arguments, keeps their addresses and calls
/// <see cref="RunForward"/>, which comes back to <see cref="ComputeForward"/> on each thread. No call allocates.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract unsafe partial class SessionCore : CallChecks, ISession, IParallelWork, IPreparation, IDeviceCaller, IOwned
{
    private const int SamplesPhase = 0, TogetherPhase = 1;

    private readonly SessionPlan _plan;
    private readonly AlignedBuffer _parameters, _arena;
    private readonly PreparedWeights? _preparedWeights;
    private readonly nint _arenaLength;
    private readonly int _capacity;
    private readonly WorkerPool _pool;
    private readonly Ownership _ownership;
    private readonly SampleStarts? _starts;
    private readonly DeviceSession? _device;
    private float* _prepared;
    private int _samples;

    /// <summary>A session of a network.</summary>
    /// <param name="plan">The network's figures.</param>
    /// <param name="network">The network.</param>
    /// <param name="parameters">Its parameters, which are only read.</param>
    /// <param name="prepared">What inference derives from them, for all sessions of the network; null where that is nothing.</param>
    /// <param name="maxBatch">The largest number of samples of one call.</param>
    /// <param name="options">Vector width and threads.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1, or the number of threads negative.</exception>
    /// <exception cref="PlatformNotSupportedException">
    /// The processor lacks the vector width asked for, or the machine the device, or the network kernels for it.
    /// </exception>
    /// <exception cref="ArgumentException">An option is given that means nothing on the device.</exception>
    protected SessionCore(
        SessionPlan plan, INetwork network, AlignedBuffer parameters, PreparedWeights? prepared, int maxBatch, SessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(options);
        Guard.Batch(maxBatch, nameof(maxBatch));
        Ports = network.Ports;
        MaxBatch = maxBatch;
        Device = options.Device;
        Precision = options.Precision;
        DeviceKernels? kernels = DeviceKernels.Of(plan.Device, options);
        VectorWidth = VectorSupport.Resolve(options.VectorWidth, plan.VectorWidths);
        Threads = kernels is null ? VectorSupport.ResolveThreads(options.Threads) : 1;
        _plan = plan;
        _parameters = parameters;
        _device = kernels?.CreateSession(Device, Precision, network, parameters, maxBatch);
        _preparedWeights = prepared;
        _capacity = (Math.Min(plan.RowBlock, maxBatch) + 15) / 16 * 16;
        _arenaLength = (nint)(plan.FixedLength + plan.RowLength * _capacity);
        _arena = new AlignedBuffer(_device is null ? _arenaLength * Threads : 0);
        _starts = plan.Lengths == 0 ? null : new SampleStarts(plan.Lengths, maxBatch);
        _pool = new WorkerPool(Threads);
        _ownership = new Ownership(this, Ownership.SessionRemedy);
    }

    /// <summary>The largest number of samples of one call.</summary>
    public int MaxBatch { get; }

    /// <summary>What the network is given, what it gives, and what that is compared with.</summary>
    public NetworkPorts Ports { get; }

    /// <summary>The vectors that the kernels in use work on.</summary>
    public VectorWidth VectorWidth { get; }

    /// <summary>Threads that share the work of one call, the caller's included.</summary>
    public int Threads { get; }

    /// <summary>Where it runs.</summary>
    public Device Device { get; }

    /// <summary>How many digits of their operands large products have; of a session on the processor float32's.</summary>
    public Precision Precision { get; }

    /// <summary>What runs, in words: vectors, threads and the lanes of each layer; on a GPU its name, kernels and memory.</summary>
    public string Schedule => _device?.Schedule ?? ScheduleText.Of(VectorWidth, Threads, _plan.DividesSamples, _plan.Schedule);

    /// <inheritdoc/>
    public void Forward(in Batch batch, ReadOnlySpan<Memory<float>> outputs)
    {
        BatchChecks.Inputs(Ports, batch, nameof(batch));
        if (outputs.Length != Ports.Outputs.Count)
            throw new ArgumentException($"Expected memory for {Ports.Outputs.Count} outputs, {string.Join(", ", Ports.Outputs)}, "
                + $"got {outputs.Length}.", nameof(outputs));
        ForwardBatch(batch, outputs);
    }

    // Of a network with one input and one output the generated class has one of these calls.
    void ISession.Forward(ReadOnlySpan<float> input, Span<float> output) => throw Ports.OtherThan(typeof(float));

    void ISession.Forward(ReadOnlySpan<int> input, Span<float> output) => throw Ports.OtherThan(typeof(int));

    /// <summary>Calls the network's own <c>Forward</c>.</summary>
    /// <param name="batch">As many inputs as the network has.</param>
    /// <param name="outputs">As many as the network has.</param>
    protected virtual void ForwardBatch(in Batch batch, ReadOnlySpan<Memory<float>> outputs)
    {
        if (Ports.Inputs[0].IsInts)
            ((ISession)this).Forward(batch.IntInput, outputs[0].Span);
        else
            ((ISession)this).Forward(batch.Input, outputs[0].Span);
    }

    /// <summary>
    /// Frees the activations and ends the threads; where another thread is in a call, at the end of that call. Calling it again does
    /// nothing.
    /// </summary>
    public void Dispose() => _ownership.Dispose();

    /// <summary>The first thing that every public call does: refuses it while another is inside.</summary>
    /// <returns>To be disposed of at the end of the call.</returns>
    /// <exception cref="InvalidOperationException">Another call is inside; nothing was done.</exception>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    protected Call Enter() => new(_ownership.Take());

    /// <summary>Number of samples of an input that has room for 1 to <see cref="MaxBatch"/>.</summary>
    /// <param name="length">Length of the span.</param>
    /// <param name="size">Values of one sample.</param>
    /// <param name="name">Name of the span.</param>
    /// <exception cref="ArgumentException">The length is zero, no multiple of the size, or too large.</exception>
    protected int SamplesOf(int length, int size, string name = "input") => Guard.Samples(length, size, MaxBatch, name);

    /// <summary>Number of samples of a call whose samples have lengths of their own.</summary>
    /// <param name="lengths">For each sample the number of its positions.</param>
    /// <param name="most">Most positions that a sample may have.</param>
    /// <param name="positions">The positions of all samples.</param>
    /// <param name="name">Name of the span.</param>
    /// <exception cref="ArgumentException">There is no sample, or there are too many.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A length is below 1, or above what a sample may have.</exception>
    protected int SamplesOf(ReadOnlySpan<int> lengths, int most, out int positions, string name)
        => Guard.Lengths(lengths, MaxBatch, most, out positions, name);

    /// <summary>Keeps lengths of a call's samples, which have been checked.</summary>
    /// <param name="axis">Which of the network's lengths.</param>
    /// <param name="lengths">For each sample the number of its positions.</param>
    protected void SetLengths(int axis, ReadOnlySpan<int> lengths) => _starts!.Set(axis, lengths);

    /// <summary>Computes the output of all samples of a call, on the threads of the session.</summary>
    /// <param name="samples">Number of samples, from 1 to <see cref="MaxBatch"/>.</param>
    protected void RunForward(int samples)
    {
        if (_device is not null)
        {
            _device.Forward(samples, this);
            return;
        }
        _samples = samples;
        if (_preparedWeights is null)
        {
            Run(samples);
            return;
        }
        using PreparedWeights.Lease prepared = _preparedWeights.Take(this);
        _prepared = prepared.Pointer;
        Run(samples);
    }

    /// <summary>
    /// Where the caller's values of a port are, the first input's, the others', then those of outputs. Only for networks with kernels for
    /// devices.
    /// </summary>
    /// <param name="port">Which of them.</param>
    protected virtual void* AddressOf(int port) => throw new NotSupportedException("This network has no kernels for devices.");

    void* IDeviceCaller.PortAddress(int port) => AddressOf(port);

    int* IDeviceCaller.StartsOf(int axis) => _starts!.Of(axis);

    /// <summary>What a call does at first that only the processor has.</summary>
    /// <exception cref="NotSupportedException">The session is on another device.</exception>
    protected void OnProcessor()
    {
        if (_device is not null)
            throw new NotSupportedException($"One output alone is computed on the processor only, and this session is on {Device}: "
                + "take Forward.");
    }

    /// <summary>Computes the output of some samples by one worker.</summary>
    /// <param name="share">The samples, and the worker's memory.</param>
    protected abstract void ComputeForward(in Share share);

    /// <summary>Computes a worker's part of each layer of one sample. Only for networks that divide samples.</summary>
    /// <param name="share">The sample, the activations of all workers, and the worker's scratch.</param>
    protected virtual void ComputeForwardTogether(in Share share)
        => throw new NotSupportedException("This network does not divide samples.");

    /// <summary>Derives what inference reads from the parameters. Only for networks that derive anything.</summary>
    /// <param name="parameters">The network's parameters, packed.</param>
    /// <param name="prepared">Where it goes; nobody else reads or writes it meanwhile.</param>
    protected virtual void PrepareWeights(float* parameters, float* prepared)
        => throw new NotSupportedException("This network derives nothing from its parameters.");

    void IParallelWork.Execute(int phase, int worker, int workers)
    {
        // A worker that is alone, because the others do not get their cores, goes the ordinary way.
        if (phase == TogetherPhase && workers > 1)
        {
            ComputeAllTogether(worker);
            return;
        }
        SampleRange range = SampleRange.Of(_samples, _plan.SamplesPerGroup, worker, workers);
        if (range.Count > 0)
            ComputeRange(range.First, range.Count, worker);
    }

    void IPreparation.Prepare(float* prepared)
    {
        PrepareWeights(_parameters.Pointer, prepared);
        GC.KeepAlive(this);
    }

    void IOwned.Free()
    {
        _device?.Dispose();
        _pool.Dispose();
        _arena.Dispose();
    }

    private void Run(int samples)
    {
        if (Threads == 1 || (samples == 1 && !_plan.DividesSamples))
        {
            ComputeRange(0, samples, worker: 0);
        }
        else if (!_plan.DividesSamples || samples >= Threads)
        {
            _pool.Run(this, SamplesPhase);
        }
        else if (_plan.WakesForOneSample || _pool.IsAwake)
        {
            // Fewer samples than threads: all threads work on each together.
            _pool.RunMeeting(this, TogetherPhase);
        }
        else
        {
            // This sample would be over before the others run; the next may find them awake.
            ComputeRange(0, samples, worker: 0);
            _pool.Wake();
        }
    }

    private void ComputeRange(int first, int count, int worker)
    {
        float* arena = _arena.Pointer + worker * _arenaLength;
        ComputeForward(new Share(this, first, count, worker, arena, arena));
        // The kernels know pointers only: nothing may be finalised before they are done.
        GC.KeepAlive(this);
    }

    // The activations are those of the first worker's arena; each has its own scratch.
    private void ComputeAllTogether(int worker)
    {
        float* scratch = _arena.Pointer + worker * _arenaLength, arena = _arena.Pointer + _plan.ScratchLength;
        for (int sample = 0; sample < _samples; sample++)
            ComputeForwardTogether(new Share(this, sample, 1, worker, scratch, arena));
        GC.KeepAlive(this);
    }
}
