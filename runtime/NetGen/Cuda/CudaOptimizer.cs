using NetGen.CompilerServices;

namespace NetGen.Cuda;

/// <summary>
/// An optimiser's steps on a GPU: what it remembers lies there, in the order of the parameters, and the numbers of a step are copied there
/// with each step. A step is one graph, so that it is done or not.
/// </summary>
internal sealed unsafe class CudaOptimizer : IDisposable
{
    // A step's numbers are written while those of the steps before it may still be read: of two that nobody has waited for.
    private const int Graphs = 12, States = 3, Slots = 3;

    private readonly UpdateKernels _kernels;
    private readonly DeviceTransfers _transfers;
    private readonly DeviceCopy _parameters, _gradients;
    private readonly OptimizerState _state;
    private readonly Parameter[] _learned;
    private readonly long[] _places;
    private readonly long _length;
    private readonly UpdateStretch[] _updates, _squares;
    private readonly bool[] _frozen;
    private readonly string _network;
    private readonly DeviceCopy?[] _copies = new DeviceCopy?[States];
    private readonly DeviceBuffer?[] _buffers = new DeviceBuffer?[States];
    private readonly DeviceBuffer _numbers, _sums, _stretches;
    private readonly PinnedBuffer _hostNumbers, _hostSums, _hostStretches;
    private readonly CudaGraphs<Key> _graphs = new(Graphs);
    private int _frozenVersion, _updateCount, _squareCount;
    private long _done;
    private int _slot;
    private bool _hasStretches;

    /// <summary>Allocates what the optimiser remembers at first.</summary>
    /// <param name="transfers">How copies go, in the stream in which steps are done.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="gradients">Their gradients, at the same places.</param>
    /// <param name="state">The optimiser's part on the host.</param>
    /// <param name="list">All parameters.</param>
    /// <param name="places">Where each begins on the GPU, in floats.</param>
    /// <param name="network">The network's name, for messages.</param>
    /// <exception cref="CudaException">There is not so much memory.</exception>
    public CudaOptimizer(DeviceTransfers transfers, DeviceCopy parameters, DeviceCopy gradients, OptimizerState state,
        IReadOnlyList<Parameter> list, long[] places, string network)
    {
        (_transfers, _parameters, _gradients, _state, _network) = (transfers, parameters, gradients, state, network);
        CudaContext context = transfers.Stream.Context;
        (_learned, _places) = Learned(list, places);
        _length = LengthOf(_learned, _places);
        List<(long Start, long Length, int Group)> ranges = Ranges(state, list, places);
        _updates = Divide(ranges, UpdateKernels.UpdatesPerBlock);
        _squares = Divide(ranges, UpdateKernels.SquaresPerBlock);
        _frozen = new bool[state.Groups];
        _kernels = UpdateKernels.Of(context);
        long numbers = (long)sizeof(float) * UpdateNumbers.Stride * state.Groups;
        long sums = sizeof(double) * Math.Max(1, _squares.LongLength);
        long stretches = sizeof(UpdateStretch) * Math.Max(1, _updates.LongLength + _squares.LongLength);
        try
        {
            _numbers = new DeviceBuffer(context, numbers, "the optimiser's numbers");
            _hostNumbers = new PinnedBuffer(context, Slots * numbers, "the optimiser's numbers");
            _sums = new DeviceBuffer(context, sums, "sums of squared gradients");
            _hostSums = new PinnedBuffer(context, sums, "sums of squared gradients");
            _stretches = new DeviceBuffer(context, stretches, "what an update's blocks do");
            _hostStretches = new PinnedBuffer(context, stretches, "what an update's blocks do");
            AllocateStates();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Sees which groups are frozen now, and gives a number that is another where others were before.</summary>
    /// <exception cref="CudaException">What blocks do then cannot be copied to the GPU.</exception>
    public int SeeFrozen()
    {
        bool hasChanged = !_hasStretches;
        for (int group = 0; group < _frozen.Length; group++)
        {
            bool now = _state.IsFrozen(group);
            hasChanged |= now != _frozen[group];
            _frozen[group] = now;
        }
        if (!hasChanged)
            return _frozenVersion;
        _hasStretches = false;
        _frozenVersion++;
        var table = new Span<UpdateStretch>(_hostStretches.Pointer, _updates.Length + _squares.Length);
        _updateCount = Select(_updates, table);
        _squareCount = Select(_squares, table[_updates.Length..]);
        if (table.Length > 0)
            _transfers.Stream.CopyToDevice(_stretches.Address, _hostStretches.Pointer, sizeof(UpdateStretch) * (long)table.Length);
        _transfers.Stream.Synchronize();
        _hasStretches = true;
        return _frozenVersion;
    }

    /// <summary>The tensors that are learned, and where they begin.</summary>
    public static (Parameter[] Tensors, long[] Places) Learned(IReadOnlyList<Parameter> list, ReadOnlySpan<long> places)
    {
        var tensors = new List<Parameter>();
        var own = new List<long>();
        for (int i = 0; i < list.Count; i++)
        {
            if (!list[i].IsLearned)
                continue;
            tensors.Add(list[i]);
            own.Add(places[i]);
        }
        return ([.. tensors], [.. own]);
    }

    /// <summary>Puts the sums of squares into a stream, and their copy to the host.</summary>
    public void RecordSquares(CudaStream stream)
    {
        if (_squareCount == 0)
            return;
        ulong stretches = _stretches.Address + (ulong)sizeof(UpdateStretch) * (ulong)_updates.Length;
        _kernels.SumSquares(stream, _gradients.Address, _sums.Address, _state.Limit, stretches, _squareCount);
        stream.CopyToHost(_hostSums.Pointer, _sums.Address, sizeof(double) * (long)_squareCount);
    }

    /// <summary>The sums of squares, in order.</summary>
    /// <param name="isMeasured">They have come to the host already.</param>
    public ReadOnlySpan<double> Measure(bool isMeasured)
    {
        if (!isMeasured)
        {
            SeeFrozen();
            _gradients.BringToDevice();
            RecordSquares(_transfers.Stream);
            _transfers.Stream.Synchronize();
        }
        return new ReadOnlySpan<double>(_hostSums.Pointer, _squareCount);
    }

    /// <summary>Adds gradients, of all that is learned, to those that the caller sees.</summary>
    /// <param name="further">The first of them.</param>
    public void Add(ulong further)
    {
        _gradients.BringToDevice();
        for (long start = 0; start < _length; start += UpdateKernels.MostElements)
        {
            _kernels.Add(_transfers.Stream, At(_gradients.Address, start), At(further, start),
                (int)Math.Min(UpdateKernels.MostElements, _length - start));
        }
        _gradients.HasChanged();
    }

    /// <summary>The step that the state has begun. Nothing waits for it.</summary>
    /// <exception cref="CudaException">It cannot be started; nothing has changed.</exception>
    public void Update()
    {
        CudaStream stream = _transfers.Stream;
        if (Steps - _done == Slots)
        {
            stream.Synchronize();
            _done = Steps;
        }
        int slot = Steps == _done ? 0 : (_slot + 1) % Slots;
        _parameters.BringToDevice();
        _gradients.BringToDevice();
        AllocateStates();
        foreach (DeviceCopy? copy in _copies)
            copy?.BringToDevice();
        _state.WriteNumbers(new Span<float>(NumbersOf(slot), UpdateNumbers.Stride * _state.Groups));
        var key = new Key(_state.Rule, SeeFrozen(), AddressOf(0), AddressOf(1), AddressOf(2), slot);
        if (!_graphs.TryGet(key, out CudaGraph? graph))
            _graphs.Add(key, graph = Capture(key));
        graph.Launch(stream);
        (_slot, Steps) = (slot, Steps + 1);
        _parameters.HasChanged();
        foreach (DeviceCopy? copy in _copies)
            copy?.HasChanged();
        if (_state.Clips)
            _gradients.HasChanged();
    }

    /// <summary>Steps that were started.</summary>
    public long Steps { get; private set; }

    /// <summary>So many of them are done, as somebody knows who has waited.</summary>
    public void Settle(long steps) => _done = Math.Max(_done, steps);

    public void Dispose()
    {
        _graphs.Dispose();
        _numbers?.Dispose();
        _hostNumbers?.Dispose();
        _sums?.Dispose();
        _hostSums?.Dispose();
        _stretches?.Dispose();
        _hostStretches?.Dispose();
        foreach (DeviceBuffer? buffer in _buffers)
            buffer?.Dispose();
    }

    private CudaGraph Capture(Key key) => CudaGraph.Capture(_transfers.Stream, () => Record(key));

    private void Record(Key key)
    {
        CudaStream stream = _transfers.Stream;
        stream.CopyToDevice(_numbers.Address, NumbersOf(key.Slot), _numbers.Bytes);
        if (_updateCount > 0)
            _kernels.Update(stream, key.Rule, _state.Clips, _parameters.Address, _gradients.Address, [key.First, key.Second, key.Third],
                _numbers.Address, _stretches.Address, _updateCount);
    }

    // Those that are not frozen.
    private int Select(UpdateStretch[] all, Span<UpdateStretch> chosen)
    {
        int count = 0;
        foreach (UpdateStretch stretch in all)
        {
            if (!_frozen[stretch.Group])
                chosen[count++] = stretch;
        }
        chosen[count..all.Length].Clear();
        return count;
    }

    // What has become necessary, and in the place of what the host has given up.
    private void AllocateStates()
    {
        for (int i = 0; i < States; i++)
        {
            AlignedBuffer? host = _state.Buffer(i);
            if (_copies[i]?.Host == host)
                continue;
            _copies[i] = null;
            _buffers[i]?.Dispose();
            _buffers[i] = null;
            if (host is not null && _length > 0)
                AllocateState(i, host);
        }
    }

    // By itself, since who captures a variable allocates also where nothing is done.
    private void AllocateState(int state, AlignedBuffer host)
    {
        var buffer = new DeviceBuffer(_transfers.Stream.Context, sizeof(float) * _length, "what the optimiser remembers");
        _buffers[state] = buffer;
        _copies[state] = new DeviceCopy(_transfers, host, [.. _learned.Select(parameter => parameter.In(host, parameter.Name))], _places,
            buffer, $"What the optimiser remembers of {_network}");
        _copies[state]!.BringToDevice();
    }

    private float* NumbersOf(int slot) => (float*)(_hostNumbers.Pointer + slot * _numbers.Bytes);

    private ulong AddressOf(int state) => _copies[state]?.Address ?? 0;

    private static ulong At(ulong address, long floats) => address + sizeof(float) * (ulong)floats;

    private static long LengthOf(Parameter[] tensors, long[] places)
    {
        long length = 0;
        for (int i = 0; i < places.Length; i++)
            length = Math.Max(length, places[i] + tensors[i].Length);
        return length;
    }

    // Learned tensors of one group that follow each other, and the zeros between them.
    private static List<(long Start, long Length, int Group)> Ranges(OptimizerState state, IReadOnlyList<Parameter> list, long[] places)
    {
        var ranges = new List<(long Start, long Length, int Group)>();
        bool follows = false;
        foreach (int i in Enumerable.Range(0, places.Length).Where(i => list[i].Length > 0).OrderBy(i => places[i]))
        {
            bool wasBefore = follows;
            follows = list[i].IsLearned;
            if (!follows)
                continue;
            int group = state.GroupOf(list[i]);
            if (wasBefore && ranges[^1].Group == group)
                ranges[^1] = ranges[^1] with { Length = places[i] + list[i].Length - ranges[^1].Start };
            else
                ranges.Add((places[i], list[i].Length, group));
        }
        return ranges;
    }

    private static UpdateStretch[] Divide(List<(long Start, long Length, int Group)> ranges, int most)
    {
        var stretches = new List<UpdateStretch>();
        foreach ((long start, long length, int group) in ranges)
        {
            for (long first = 0; first < length; first += most)
                stretches.Add(new UpdateStretch((ulong)(start + first), (uint)Math.Min(most, length - first), (uint)group));
        }
        return [.. stretches];
    }

    private readonly record struct Key(UpdateRule Rule, int FrozenVersion, ulong First, ulong Second, ulong Third, int Slot);
}
