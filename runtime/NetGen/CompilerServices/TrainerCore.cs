using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NetGen.CompilerServices;

/// <summary>
/// What is the same in the trainers of all networks: memory, threads, one caller at a time, the order of the calls, the optimiser and
/// checkpoints. The generated trainer adds what its network reads and is compared with, and the kernels.
/// </summary>
/// <remarks>
/// A public call of the generated class takes the trainer with <see cref="Enter"/>, checks its arguments, keeps their addresses and calls
/// one of the methods <c>Run…</c>, which come back to the methods <c>Compute…</c> on each thread. No call allocates.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract unsafe partial class TrainerCore : CallChecks, ITrainer, IParallelWork, IDeviceCaller, IOwned
{
    private readonly TrainerPlan _plan;
    private readonly AlignedBuffer _parameters, _gradients, _prepared, _scratch;
    private readonly OptimizerState _state;
    private readonly WorkerPool _pool;
    private readonly SampleStarts? _starts;
    private readonly Ownership _ownership;
    private readonly double[] _losses;
    private readonly double* _lossOfSample;
    private readonly double[] _lossFactors, _lossDivisors;
    private readonly float[] _lossScales;
    private readonly long _capacity;
    private AlignedBuffer _arena;
    private ulong _seed;
    private uint _step;
    private readonly INetwork _network;
    private int _threadWithoutUpdate, _threadThatQueues;
    private float _lastLoss = float.NaN;
    private int _samples, _sampleLosses;
    private bool _wantsInputGradient, _beginsAtLoss, _hasForward, _hasGradients;

    /// <summary>A trainer of a network.</summary>
    /// <param name="plan">The network's figures.</param>
    /// <param name="network">The network.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="list">The same, one by one.</param>
    /// <param name="batchSize">The largest number of samples of one step.</param>
    /// <param name="optimizer">What turns gradients into steps.</param>
    /// <param name="options">Vector width, threads, the seed of dropout, and how gradients are clipped.</param>
    /// <exception cref="ArgumentException">
    /// A parameter group of the optimiser takes no parameter of this network, or one that another group takes too; or an option is given
    /// that means nothing on the device.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1, or the number of threads negative.</exception>
    /// <exception cref="PlatformNotSupportedException">
    /// The processor lacks the vector width asked for, or the machine the device, or the network kernels for it.
    /// </exception>
    /// <exception cref="CudaException">The device has not the memory, or refuses the kernels.</exception>
    protected TrainerCore(
        TrainerPlan plan, INetwork network, AlignedBuffer parameters, IReadOnlyList<Parameter> list, int batchSize, Optimizer optimizer,
        TrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(options);
        Guard.Batch(batchSize, nameof(batchSize));
        ArgumentNullException.ThrowIfNull(optimizer);
        Device = options.Device;
        Precision = options.Precision;
        DeviceKernels? kernels = DeviceKernels.Of(plan.Device, options);
        _network = network;
        BatchSize = batchSize;
        Optimizer = optimizer;
        VectorWidth = VectorSupport.Resolve(options.VectorWidth, plan.VectorWidths);
        ChoseThreads = options.Threads == 0 && kernels is null;
        Threads = kernels is not null ? 1
            : ChoseThreads ? StepWork.ThreadsFor(network, batchSize) : VectorSupport.ResolveThreads(options.Threads);
        _plan = plan;
        _state = new OptimizerState(optimizer, list, plan.LearnedLength ?? parameters.Length, options, VectorWidth);
        _seed = options.Seed;
        _parameters = parameters;
        _capacity = (batchSize + 15L) / 16 * 16;
        _arena = new AlignedBuffer(kernels is null ? (nint)((plan.RowLength - plan.InputGradientRowLength) * _capacity) : 0);
        _gradients = new AlignedBuffer((plan.GradientLength ?? parameters.Length) + plan.FurtherGradientsLength);
        _passGradients = _gradients;
        _prepared = new AlignedBuffer(kernels is null ? plan.PreparedLength : 0);
        _scratch = new AlignedBuffer(kernels is null ? (nint)plan.ScratchLength * Threads : 0);
        // Pinned, so that the threads can write to it for as long as the trainer lives.
        _lossFactors = plan.LossFactors ?? [1];
        _lossDivisors = new double[_lossFactors.Length];
        _lossScales = new float[_lossFactors.Length];
        _queuedDivisors = new double[DeviceTrainer.MostStarted * _lossFactors.Length];
        _losses = GC.AllocateArray<double>(checked(batchSize * _lossFactors.Length), pinned: true);
        _lossOfSample = (double*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_losses));
        _starts = plan.Lengths == 0 ? null : new SampleStarts(plan.Lengths, batchSize);
        _device = kernels?.CreateTrainer(Device, Precision, network, parameters, _gradients, _state, batchSize);
        _pool = new WorkerPool(Threads);
        _ownership = new Ownership(this, Ownership.TrainerRemedy);
        // Last: where there is no trainer, the optimiser is as it was.
        _state.SealGroups();
    }

    /// <summary>The largest number of samples of one step.</summary>
    public int BatchSize { get; }

    /// <inheritdoc/>
    public int MinBatchSize => _plan.NeedsSeveralSamples is null ? 1 : 2;

    /// <summary>What the network is given, what it gives, and what that is compared with.</summary>
    public NetworkPorts Ports => _network.Ports;

    /// <inheritdoc/>
    public bool HasLoss => _plan.HasLoss;

    INetwork ITrainer.Network => _network;

    /// <summary>What turns gradients into steps; its learning rate may be changed at any time.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>
    /// Norm of the gradients at the last update, before they were clipped by it; null before the first, and without <see
    /// cref="TrainerOptions.ClipGradientNorm"/>.
    /// </summary>
    public float? GradientNorm => _state.GradientNorm;

    /// <summary>The vectors that the kernels in use work on.</summary>
    public VectorWidth VectorWidth { get; }

    /// <summary>Threads that share the work of one call, the caller's included.</summary>
    public int Threads { get; }

    /// <summary>What runs, in words: vectors, threads and the lanes of each layer; on a GPU its name, kernels and memory.</summary>
    public string Schedule => _device?.Schedule ?? ScheduleText.Of(VectorWidth, Threads, dividesSamples: false, _plan.Schedule);

    /// <summary>
    /// One step of the optimiser with the gradients of the last backward pass, or, with <see cref="AccumulateGradients"/>, with the sum of
    /// those since the last one.
    /// </summary>
    /// <exception cref="InvalidOperationException">No backward pass came before.</exception>
    public void Update()
    {
        using Call call = Enter();
        Guard.Order(_hasGradients, nameof(Update), _plan.HasLoss ? "Backward" : "BackwardFromOutput");
        ApplyUpdate();
    }

    /// <summary>
    /// Writes all that training goes on from to one safetensors file: parameters, what the optimiser remembers, learning rates, steps,
    /// the seed. At any moment the file is the old one or the complete new one.
    /// </summary>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="notes">Texts to keep with it, such as the epoch and the state of a scheduler.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveCheckpoint(string path, IReadOnlyDictionary<string, string>? notes = null) => SaveCheckpoint(path, notes, []);

    /// <summary>The same with more tensors, which <see cref="LoadCheckpoint(string)"/> passes over.</summary>
    internal void SaveCheckpoint(string path, IReadOnlyDictionary<string, string>? notes, IReadOnlyList<Parameter> further)
    {
        using Call call = Enter();
        _state.SaveCheckpoint(path, _seed, _step, notes, further);
    }

    /// <summary>
    /// Goes on from a checkpoint of the same network with an optimiser of the same kind and the same groups: further steps give the bits
    /// that an uninterrupted training gives. On any error nothing is changed.
    /// </summary>
    /// <param name="path">The file to read.</param>
    /// <returns>The notes that were saved with it.</returns>
    /// <exception cref="SafeTensorsException">The file is damaged, no checkpoint, or of another network or optimiser.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IReadOnlyDictionary<string, string> LoadCheckpoint(string path) => LoadCheckpoint(path, []);

    /// <summary>The same with more tensors, all of which must be there.</summary>
    internal IReadOnlyDictionary<string, string> LoadCheckpoint(string path, IReadOnlyList<Parameter> further)
    {
        using Call call = Enter();
        IReadOnlyDictionary<string, string> notes = _state.LoadCheckpoint(path, ref _seed, ref _step, further);
        _hasForward = _hasGradients = _hasPendingGradients = false;
        return notes;
    }

    /// <summary>
    /// Frees activations, gradients and the optimiser's state, and ends the threads; where another thread is in a call, at the end of
    /// that call. Calling it again does nothing.
    /// </summary>
    public void Dispose() => _ownership.Dispose();

    /// <summary>The gradients of all parameters, packed as they are.</summary>
    protected AlignedBuffer GradientBuffer => _gradients;

    /// <summary>
    /// The loss of each sample of the last step or backward pass, before their sum was divided by anything. Empty before the first.
    /// </summary>
    protected ReadOnlySpan<double> LossOfEachSample => OfEachSample(0);

    /// <summary>The same of one of several losses, before its factor.</summary>
    /// <param name="loss">Which of the losses.</param>
    protected ReadOnlySpan<double> OfEachSample(int loss) => new(_losses, loss * BatchSize, _sampleLosses);

    /// <inheritdoc/>
    public float Step(in Batch batch)
    {
        CheckBatch(batch);
        return StepBatch(batch);
    }

    /// <inheritdoc/>
    public float Backward(in Batch batch)
    {
        CheckBatch(batch);
        // The step of another thread, which may be refused or not, is none of this one's.
        _threadWithoutUpdate = Environment.CurrentManagedThreadId;
        try
        {
            return StepBatch(batch);
        }
        finally
        {
            _threadWithoutUpdate = 0;
        }
    }

    /// <inheritdoc/>
    public void Enqueue(in Batch batch)
    {
        CheckBatch(batch);
        using Queueing queueing = Queue();
        StepBatch(batch);
    }

    /// <inheritdoc/>
    public float LastLoss
    {
        get
        {
            using Call call = Enter();
            while (_queued > 0 && TakeOldest(waits: false))
            {
                // The one behind it may have come back too.
            }
            return _lastLoss;
        }
    }

    /// <inheritdoc/>
    public void Synchronize()
    {
        using Call call = Enter();
        TakeAll();
    }

    private void CheckBatch(in Batch batch)
    {
        if (!_plan.HasLoss)
            throw new NotSupportedException("The network declares no loss, so there is no step: take Forward and BackwardFromOutput.");
        BatchChecks.Inputs(Ports, batch, nameof(batch));
        BatchChecks.Targets(Ports, batch, nameof(batch));
    }

    /// <summary>Calls the network's own <c>Step</c> that takes targets of the batch's forms.</summary>
    /// <param name="batch">As many inputs and targets as the network has, in forms that its losses take.</param>
    protected virtual float StepBatch(in Batch batch) => throw new NotSupportedException("This network has no loss.");

    /// <summary>A <c>Step</c> of this thread is one that nobody waits for where the device allows it.</summary>
    /// <returns>To be disposed of behind the step.</returns>
    protected Queueing Queue() => new(this);

    /// <summary>The first thing that every public call does: refuses it while another is inside.</summary>
    /// <returns>To be disposed of at the end of the call.</returns>
    /// <exception cref="InvalidOperationException">Another call is inside; nothing was done.</exception>
    /// <exception cref="ObjectDisposedException">The trainer is disposed.</exception>
    protected Call Enter() => new(_ownership.Take());

    /// <summary>Number of samples of an input that has room for 1 to <see cref="BatchSize"/>.</summary>
    /// <param name="length">Length of the span.</param>
    /// <param name="size">Values of one sample.</param>
    /// <param name="name">Name of the span.</param>
    /// <exception cref="ArgumentException">The length is zero, no multiple of the size, or too large.</exception>
    protected int SamplesOf(int length, int size, string name = "input") => Guard.Samples(length, size, BatchSize, name);

    /// <summary>Number of samples of a call whose samples have lengths of their own.</summary>
    /// <param name="lengths">For each sample the number of its positions.</param>
    /// <param name="most">Most positions that a sample may have.</param>
    /// <param name="positions">The positions of all samples.</param>
    /// <param name="name">Name of the span.</param>
    /// <exception cref="ArgumentException">There is no sample, or there are too many.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A length is below 1, or above what a sample may have.</exception>
    protected int SamplesOf(ReadOnlySpan<int> lengths, int most, out int positions, string name)
        => Guard.Lengths(lengths, BatchSize, most, out positions, name);

    /// <summary>Keeps lengths of a call's samples, which have been checked.</summary>
    /// <param name="axis">Which of the network's lengths.</param>
    /// <param name="lengths">For each sample the number of its positions.</param>
    protected void SetLengths(int axis, ReadOnlySpan<int> lengths)
    {
        // What refuses the step must do so while the last forward pass can still be gone back through.
        CheckStatistics(lengths.Length);
        _starts!.Set(axis, lengths);
    }

    /// <summary>
    /// Like <see cref="CallChecks.CheckLength"/>, for a span that may also be empty because the caller does not want the result.
    /// </summary>
    /// <param name="length">Length of the span.</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="size">Values for one sample.</param>
    /// <param name="name">Name of the span.</param>
    /// <exception cref="ArgumentException">The length is another, and not 0.</exception>
    protected static void CheckLengthOrEmpty(int length, int samples, int size, string name)
        => Guard.LengthOrEmpty(length, samples, size, name);

    /// <summary>
    /// Like <see cref="CallChecks.CheckPositions"/>, for a span that may also be empty because the caller does not want the result.
    /// </summary>
    /// <param name="length">Length of the span.</param>
    /// <param name="positions">The positions of all samples.</param>
    /// <param name="size">Values for one position.</param>
    /// <param name="name">Name of the span.</param>
    /// <exception cref="ArgumentException">The length is another, and not 0.</exception>
    protected static void CheckPositionsOrEmpty(int length, int positions, int size, string name)
    {
        if (length != 0)
            Guard.Positions(length, positions, size, name);
    }

    /// <summary>
    /// Where the caller's values of a port are: first the inputs (lengths aside), then the outputs, the outputs' gradients, the inputs'
    /// gradients and the targets; null where the caller has given nothing. Only for networks with kernels for devices.
    /// </summary>
    /// <param name="port">Which of them.</param>
    protected virtual void* AddressOf(int port) => throw new NotSupportedException("This network has no kernels for devices.");

    void* IDeviceCaller.PortAddress(int port) => AddressOf(port);

    int* IDeviceCaller.StartsOf(int axis) => _starts!.Of(axis);

    /// <summary>The positions of all samples of the last forward pass.</summary>
    /// <param name="axis">Which of the network's lengths.</param>
    protected int PositionsOfForward(int axis) => _starts!.At(axis, _samples);

    /// <summary>Number of samples of the last forward pass.</summary>
    /// <param name="call">The member that needs one: the one that calls this.</param>
    /// <exception cref="InvalidOperationException">There was none.</exception>
    protected int SamplesOfForward([CallerMemberName] string call = "")
    {
        Guard.Order(_hasForward, call, "Forward");
        return _samples;
    }

    void IOwned.Free()
    {
        _device?.Dispose();
        _pool.Dispose();
        _state.Dispose();
        _arena.Dispose();
        _prepared.Dispose();
        _scratch.Dispose();
        _gradients.Dispose();
        _furtherGradients?.Dispose();
    }
}
