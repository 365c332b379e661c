using NetGen.CompilerServices;

namespace NetGen.Cuda;

/// <summary>
/// Training on a GPU: a pass is one graph, with the copies of what the caller gives and gets in it, and so is the update behind it. A graph
/// is of a number of samples and a set of targets; the last few have theirs ready.
/// </summary>
internal sealed unsafe partial class CudaTrainer : DeviceTrainer
{
    /// <summary>Passes whose graphs are kept: eight numbers of samples, of steps and in parts.</summary>
    private const int Graphs = 16;

    // A pass that nobody waits for has one of two pieces of the host's memory for itself, until what it gives has been taken.
    private const int Slots = MostStarted;

    private const int RandomBytes = 4 * sizeof(uint), MostTargets = 32;

    private readonly CudaContext _context;
    private readonly LaunchedKernels _kernels;
    private readonly CudaTrainingKernels _training;
    private readonly int _batchSize, _losses;
    private readonly object _gate = new();
    private readonly List<IDisposable> _owned = [];
    private readonly CudaStream _stream;
    private readonly DeviceCopy _parameters, _gradients;
    private readonly CudaOptimizer _optimizer;
    private readonly DeviceBuffer _values, _block, _lossBuffer;
    private readonly PinnedBuffer _host;
    private readonly CudaEvent[] _isDone;
    private readonly CudaTrainingMemory _memory;
    private readonly DevicePort[] _inputs, _outputs, _outputGradients, _inputGradients, _targets;

    // Where numbers of the pass, lengths of samples, and losses are on the host.
    private readonly long _blockStart, _lengthStart, _lengthBytes, _lossStart, _hostBytes;
    private readonly ulong[] _lengthAddresses;

    // Running statistics and counts, which a forward pass changes.
    private readonly (long Start, long Length)[] _statistics;
    private readonly CudaGraphs<Key> _graphs = new(Graphs);
    private PinnedBuffer? _keptStatistics, _secondHost;
    private DeviceBuffer? _further;
    private readonly int[] _startedSamples = new int[Slots];
    private readonly long[] _stepsBefore = new long[Slots];
    private long _started, _taken;
    private bool _keepsStatistics, _isBusy, _isDisposed;

    /// <summary>Allocates memory for a number of samples.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Kernels do not count so far.</exception>
    /// <exception cref="CudaException">There is not so much; all is given back.</exception>
    public CudaTrainer(LoadedKernels loaded, CudaTrainingKernels training, Precision precision, INetwork network,
        AlignedBuffer parameters, AlignedBuffer gradients, OptimizerState state, int batchSize)
    {
        (_context, _kernels, _training, _batchSize) = (loaded.Context, loaded.In(precision), training, batchSize);
        _losses = Math.Max(1, training.Losses);
        if (training.Targets.Length > MostTargets)
            throw new NotSupportedException($"{training.Network} has {training.Targets.Length} targets; at most {MostTargets} can be told "
                + "apart on a GPU.");
        string[] axes = training.Axes.ToArray();
        training.CheckBatch(_kernels, batchSize, axes.Length, nameof(batchSize));
        long start = 0;
        _blockStart = Take(ref start, RandomBytes + sizeof(float) * (long)_losses);
        _lengthBytes = (sizeof(int) * (long)batchSize + 63) / 64 * 64;
        _lengthStart = Take(ref start, _lengthBytes * axes.Length);
        _lossStart = Take(ref start, sizeof(double) * (long)_losses * batchSize);
        NetworkPort[] inputs = [.. network.Ports.Inputs.Where(port => !axes.Contains(port.Name))];
        IReadOnlyList<NetworkPort> outputs = network.Ports.Outputs;
        _inputs = DevicePort.Of(inputs, training.InputPlaces, axes, batchSize, ref start);
        _outputs = DevicePort.Of(outputs, training.OutputPlaces, axes, batchSize, ref start);
        _outputGradients = DevicePort.Of(outputs, training.OutputGradientPlaces, axes, batchSize, ref start);
        _inputGradients = DevicePort.Of(inputs, training.InputGradientPlaces, axes, batchSize, ref start);
        _targets = new DevicePort[training.Targets.Length];
        for (int i = 0; i < _targets.Length; i++)
        {
            CudaTarget target = training.Targets[i];
            _targets[i] = new DevicePort(start, target.Place, target.Size, target.Axis, target.PerPosition);
            start = _targets[i].End(batchSize);
        }
        _hostBytes = start;
        IReadOnlyList<Parameter> list = network.Parameters;
        long[] places = training.ParameterPlaces.ToArray();
        _statistics = [.. Statistics(list, places)];
        (Parameter[] learned, long[] learnedPlaces) = CudaOptimizer.Learned(list, places);
        for (int i = 0; i < learned.Length; i++)
        {
            if (learnedPlaces[i] + learned[i].Length > training.GradientLength)
                throw new InvalidOperationException($"The gradient of {learned[i].Name} has no room among the {training.GradientLength} "
                    + $"gradients of {training.Network}.");
        }
        try
        {
            _stream = Own(new CudaStream(loaded.Context));
            var transfers = new DeviceTransfers(_stream, Own(DeviceParameters.Staging(loaded)), _gate);
            _parameters = new DeviceCopy(transfers, parameters, list, places, Own(DeviceParameters.Allocate(loaded, transfers)),
                DeviceParameters.What(training));
            _gradients = new DeviceCopy(transfers, gradients, [.. learned.Select(parameter => parameter.In(gradients, parameter.Name))],
                learnedPlaces, Allocate(training.GradientLength, "gradients of parameters"), $"The gradients of {training.Network}");
            _gradients.Clear();
            _parameters.BringToDevice();
            _optimizer = Own(new CudaOptimizer(transfers, _parameters, _gradients, state, list, places, training.Network));
            long perSample = sizeof(float) * training.SampleLength;
            _values = Own(new DeviceBuffer(loaded.Context, Math.Max(1, perSample * batchSize),
                $"the activations of {batchSize:N0} samples", perSample));
            DeviceBuffer batch = Allocate(training.BatchLength, "statistics of a batch");
            _stream.Fill(batch.Address, 0, batch.Bytes / sizeof(float));
            DeviceBuffer scratch = Allocate(training.ScratchLength(batchSize), "working memory");
            _block = Allocate(RandomBytes / sizeof(float) + _losses, "numbers of a step");
            _lossBuffer = Allocate(sizeof(double) / sizeof(float) * (long)_losses * batchSize, "losses");
            DeviceBuffer? lengths = axes.Length == 0 ? null : Allocate(axes.Length * _lengthBytes / sizeof(float), "lengths of samples");
            _lengthAddresses = [.. axes.Select((_, axis) => lengths!.Address + (ulong)(axis * _lengthBytes))];
            _host = Own(AllocateHost());
            _isDone = [Own(new CudaEvent(loaded.Context)), Own(new CudaEvent(loaded.Context))];
            _memory = new CudaTrainingMemory(_gradients.Address, batch.Address, scratch.Address, _lossBuffer.Address,
                sizeof(double) * (ulong)batchSize, _block.Address + RandomBytes, _block.Address);
            _stream.Synchronize();
        }
        catch
        {
            Free();
            throw;
        }
        Schedule = _kernels.Schedule(loaded.Context, precision, _values.Bytes, training.ParameterLength);
    }

    /// <inheritdoc/>
    public override string Schedule { get; }

    /// <inheritdoc/>
    public override bool KeepsStatistics
    {
        get => _keepsStatistics;

        set
        {
            lock (_gate)
            {
                long floats = _statistics.Sum(range => range.Length);
                if (value && floats > 0)
                    _keptStatistics ??= Own(new PinnedBuffer(_stream.Context, sizeof(float) * floats, "statistics"));
                _keepsStatistics = value;
            }
        }
    }

    /// <inheritdoc/>
    public override void AllocateFurtherGradients()
    {
        lock (_gate)
        {
            if (_further is not null)
                return;
            DeviceBuffer further = Allocate(_training.GradientLength, "gradients that are added to others");
            _stream.Fill(further.Address, 0, further.Bytes / sizeof(float));
            _further = further;
        }
    }

    /// <inheritdoc/>
    public override void AddGradients()
    {
        lock (_gate)
            _optimizer.Add(_further!.Address);
    }

    /// <inheritdoc/>
    public override void ClearGradients()
    {
        lock (_gate)
            _gradients.Clear();
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<double> MeasureGradients(bool isMeasured)
    {
        lock (_gate)
            return _optimizer.Measure(isMeasured);
    }

    /// <inheritdoc/>
    public override void Update()
    {
        lock (_gate)
            _optimizer.Update();
    }

    /// <inheritdoc/>
    public override void TakeBackStatistics()
    {
        lock (_gate)
        {
            byte* kept = _keptStatistics is null ? null : _keptStatistics.Pointer;
            if (kept == null)
                return;
            // What somebody has written to other parameters since is not lost.
            _parameters.BringToDevice();
            foreach ((long start, long length) in _statistics)
            {
                _stream.CopyToDevice(_parameters.Address + sizeof(float) * (ulong)start, kept, sizeof(float) * length);
                kept += sizeof(float) * length;
            }
            _parameters.HasChanged();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            _parameters.Close();
            Free();
        }
    }

    private static long Take(ref long start, long bytes)
    {
        long own = start;
        start += (bytes + 63) / 64 * 64;
        return own;
    }

    // What follows each other is one range; what the declaration freezes no pass changes.
    private static List<(long Start, long Length)> Statistics(IReadOnlyList<Parameter> list, long[] places)
    {
        var ranges = new List<(long Start, long Length)>();
        foreach (int i in Enumerable.Range(0, places.Length).OrderBy(i => places[i]))
        {
            if (list[i].IsFrozen || list[i].IsWeightOrBias)
                continue;
            if (ranges.Count > 0 && ranges[^1].Start + ranges[^1].Length == places[i])
                ranges[^1] = ranges[^1] with { Length = ranges[^1].Length + list[i].Length };
            else
                ranges.Add((places[i], list[i].Length));
        }
        return ranges;
    }

    private PinnedBuffer AllocateHost()
        => new(_context, _hostBytes, "inputs, outputs and targets");

    private DeviceBuffer Allocate(long floats, string what)
        => Own(new DeviceBuffer(_context, sizeof(float) * Math.Max(1, floats), what));

    private T Own<T>(T item)
        where T : IDisposable
    {
        _owned.Add(item);
        return item;
    }

    private void Free()
    {
        // What is under way still reads and writes the memory.
        if (_stream is not null)
            _context.TryFree(driver => driver.StreamSynchronize(_stream.Handle));
        _graphs.Dispose();
        for (int i = _owned.Count - 1; i >= 0; i--)
            _owned[i].Dispose();
        _owned.Clear();
    }

    /// <summary>What a pass's graph is of.</summary>
    /// <param name="Kind">What the pass does.</param>
    /// <param name="Samples">Number of samples.</param>
    /// <param name="Targets">A bit for each target that the caller gives.</param>
    /// <param name="Further">Where gradients are put that are added to others; 0 where they are not.</param>
    /// <param name="WantsInputGradient">The gradients of inputs are wanted.</param>
    /// <param name="Keeps">Statistics are kept aside in front of it.</param>
    /// <param name="Measured">Which groups' gradients are measured behind it; −1 for none.</param>
    /// <param name="Slot">Which of the pieces of the host's memory it reads and writes.</param>
    private readonly record struct Key(
        DevicePassKind Kind, int Samples, uint Targets, ulong Further, bool WantsInputGradient, bool Keeps, int Measured, int Slot = 0);
}
