using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace NetGen.CompilerServices;

/// <summary>
/// What is the same in the streams of all networks: the memory of the past, one caller at a time, and how steps are taken. The generated
/// stream adds what its network reads and gives at each step, and the kernels.
/// </summary>
/// <remarks>
/// A public call of the generated class takes the stream with <see cref="Enter"/>, checks its arguments, keeps their addresses and calls
/// <see cref="RunSteps"/> or <see cref="RunPrefill"/>, which come back to <see cref="ComputeSteps"/>. What is wrong is found before
/// anything is computed, and leaves the stream as it was. No step allocates.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract unsafe class StreamCore : IDisposable, IPreparation, IOwned
{
    private const string StateName = "state", PositionKey = "stream.position", FormKey = "stream.form";

    private const int Row = 16;

    private const ulong Wanted = ulong.MaxValue, NotWanted = 0;

    private readonly StreamPlan _plan;
    private readonly AlignedBuffer _parameters, _arena, _state;
    private readonly PreparedWeights? _preparedWeights;
    private readonly Ownership _ownership;
    private readonly long _capacity;
    private float* _prepared;
    private long _position;

    /// <summary>A stream of a network, before its first step.</summary>
    /// <param name="plan">The network's figures.</param>
    /// <param name="parameters">The network's parameters, which are only read.</param>
    /// <param name="prepared">What inference derives from them; null where that is nothing.</param>
    /// <param name="options">Vector width and threads.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of threads is negative.</exception>
    /// <exception cref="PlatformNotSupportedException">The processor lacks the vector width asked for.</exception>
    /// <exception cref="ArgumentException">The options ask for a precision that the processor does not have.</exception>
    protected StreamCore(StreamPlan plan, AlignedBuffer parameters, PreparedWeights? prepared, SessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(options);
        DeviceKernels.RequireProcessor(options, "Streams");
        VectorWidth = VectorSupport.Resolve(options.VectorWidth, plan.VectorWidths);
        _ = VectorSupport.ResolveThreads(options.Threads);
        Options = options;
        _plan = plan;
        _parameters = parameters;
        _preparedWeights = prepared;
        _capacity = plan.Capacity ?? long.MaxValue;
        _arena = new AlignedBuffer((nint)(plan.FixedLength + plan.RowLength * plan.Block));
        _state = new AlignedBuffer((nint)plan.StateLength);
        _ownership = new Ownership(this, Remedy);
    }

    private const string Remedy = "A stream is one sequence and serves one caller at a time: make another with CreateStream or Fork, or "
        + "take turns with a lock.";

    /// <summary>Steps taken since the beginning or the last <see cref="Reset"/>.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>The most steps that the stream can take; null where that has no limit.</summary>
    public int? Capacity => _plan.Capacity;

    /// <summary>The vectors that the kernels in use work on.</summary>
    public VectorWidth VectorWidth { get; }

    /// <summary>What the stream was made with.</summary>
    protected SessionOptions Options { get; }

    /// <summary>Forgets all steps: the next is the first of a sequence.</summary>
    /// <exception cref="InvalidOperationException">Another call is inside; nothing was done.</exception>
    /// <exception cref="ObjectDisposedException">The stream is disposed.</exception>
    public void Reset()
    {
        using Call call = Enter();
        new Span<float>(_state.Pointer, (int)_plan.ClearedLength).Clear();
        _position = 0;
        GC.KeepAlive(this);
    }

    /// <summary>
    /// Writes what the stream keeps of its steps to a <c>safetensors</c> file, which at any moment is the old one or the complete new one.
    /// The parameters are not in it.
    /// </summary>
    /// <param name="path">The file to write or replace.</param>
    /// <exception cref="System.IO.IOException">The file cannot be written; an older file of the name is as it was.</exception>
    /// <exception cref="InvalidOperationException">Another call is inside; nothing was done.</exception>
    /// <exception cref="ObjectDisposedException">The stream is disposed.</exception>
    public void Save(string path)
    {
        using Call call = Enter();
        SafeTensors.Save(path, View(), new Dictionary<string, string>
        {
            [PositionKey] = _position.ToString(CultureInfo.InvariantCulture),
            [FormKey] = _plan.Form,
        });
        GC.KeepAlive(this);
    }

    /// <summary>Goes on from a file that a stream of the same network has written, with the parameters as they are now.</summary>
    /// <param name="path">The file to read.</param>
    /// <exception cref="SafeTensorsException">
    /// The file is damaged, or none of a stream of this network; the stream is as it was.
    /// </exception>
    /// <exception cref="System.IO.IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidOperationException">Another call is inside; nothing was done.</exception>
    /// <exception cref="ObjectDisposedException">The stream is disposed.</exception>
    public void Load(string path)
    {
        using Call call = Enter();
        using var reader = new SafeTensorsReader(path);
        string? form = reader.Metadata.GetValueOrDefault(FormKey), text = reader.Metadata.GetValueOrDefault(PositionKey);
        if (form is null || text is null)
        {
            reader.CheckChecksum();
            throw new SafeTensorsException(path, null, "no state of a stream: expected the texts 'stream.form' and 'stream.position'.");
        }
        bool isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long position);
        if (form != _plan.Form || !isNumber || position > _capacity)
        {
            reader.CheckChecksum();
            throw new SafeTensorsException(path, null, form != _plan.Form
                ? "the state of a stream of another network: expected one whose layers keep what this network's keep."
                : $"the stream's position is given as '{text}'; expected a number of steps that the stream can have taken.");
        }
        SafeTensors.Load(reader, View());
        _position = position;
        GC.KeepAlive(this);
    }

    /// <summary>Frees the memory; where another thread is in a call, at the end of that call. Calling it again does nothing.</summary>
    public void Dispose() => _ownership.Dispose();

    /// <summary>The first thing that every public call does: refuses it while another is inside.</summary>
    /// <returns>To be disposed of at the end of the call.</returns>
    /// <exception cref="InvalidOperationException">Another call is inside; nothing was done.</exception>
    /// <exception cref="ObjectDisposedException">The stream is disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected Call Enter() => new(_ownership.Take());

    /// <summary>Makes the stream stand where another of the same network stands.</summary>
    /// <param name="other">The other.</param>
    protected void CopyCore(StreamCore other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (ReferenceEquals(this, other))
            return;
        using Call call = Enter();
        using Call otherCall = other.Enter();
        Buffer.MemoryCopy(
            other._state.Pointer, _state.Pointer, _plan.StateLength * sizeof(float), _plan.StateLength * sizeof(float));
        _position = other._position;
        GC.KeepAlive(this);
        GC.KeepAlive(other);
    }

    /// <summary>Number of steps of an input that has room for one or more, for which the stream must have room.</summary>
    /// <param name="length">Length of the span.</param>
    /// <param name="size">Values of one step.</param>
    /// <param name="name">Name of the span.</param>
    /// <exception cref="ArgumentException">The length is zero or no multiple of the size.</exception>
    /// <exception cref="InvalidOperationException">The steps are more than the stream can still take.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected int StepsOf(int length, int size, string name = "input")
    {
        int steps = length / size;
        if (steps * size != length || steps == 0)
            ThrowSteps(length, size, name);
        if (steps > _capacity - _position)
            ThrowFull(steps);
        return steps;
    }

    /// <summary>Checks that a span has its values for each step.</summary>
    /// <param name="length">Length of the span.</param>
    /// <param name="steps">Number of steps.</param>
    /// <param name="size">Values for one step.</param>
    /// <param name="name">Name of the span.</param>
    /// <exception cref="ArgumentException">The length is another.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static void CheckSteps(int length, int steps, int size, string name)
    {
        if (length != (long)steps * size)
            ThrowLength(length, steps, size, name);
    }

    /// <summary>Checks that all values of an input of ints are numbers of rows of the tables that they are looked up in.</summary>
    /// <param name="values">The values of all steps.</param>
    /// <param name="rows">Rows of the smallest table.</param>
    /// <param name="name">Name of the span.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is negative, or not below <paramref name="rows"/>.</exception>
    protected static void CheckIndices(ReadOnlySpan<int> values, int rows, string name)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if ((uint)values[i] >= (uint)rows)
                ThrowIndex(values[i], i, rows, name);
        }
    }

    /// <summary>Takes steps and gives the outputs of each.</summary>
    /// <param name="steps">Number of steps, for which there is room.</param>
    protected void RunSteps(int steps)
    {
        if (_preparedWeights is null)
        {
            Compute(0, steps, Wanted);
        }
        else
        {
            using PreparedWeights.Lease prepared = _preparedWeights.Take(this);
            _prepared = prepared.Pointer;
            Compute(0, steps, Wanted);
        }
        _position += steps;
    }

    /// <summary>Takes steps and gives the outputs of the last one, or of none.</summary>
    /// <param name="steps">Number of steps, for which there is room.</param>
    /// <param name="wantsOutput">The caller wants the last step's outputs.</param>
    protected void RunPrefill(int steps, bool wantsOutput)
    {
        if (_preparedWeights is null)
        {
            Prefill(steps, wantsOutput);
        }
        else
        {
            using PreparedWeights.Lease prepared = _preparedWeights.Take(this);
            _prepared = prepared.Pointer;
            Prefill(steps, wantsOutput);
        }
        _position += steps;
    }

    /// <summary>Computes some steps of a call.</summary>
    /// <param name="share">The steps, and the stream's memory.</param>
    protected abstract void ComputeSteps(in Share share);

    /// <summary>Derives what inference reads from the parameters. Only for networks that derive anything.</summary>
    /// <param name="parameters">The network's parameters, packed.</param>
    /// <param name="prepared">Where it goes; nobody else reads or writes it meanwhile.</param>
    protected virtual void PrepareWeights(float* parameters, float* prepared)
        => throw new NotSupportedException("This network derives nothing from its parameters.");

    void IPreparation.Prepare(float* prepared)
    {
        PrepareWeights(_parameters.Pointer, prepared);
        GC.KeepAlive(this);
    }

    void IOwned.Free()
    {
        _arena.Dispose();
        _state.Dispose();
    }

    private void Prefill(int steps, bool wantsOutput)
    {
        int silent = wantsOutput ? steps - 1 : steps;
        if (silent > 0)
            Compute(0, silent, NotWanted);
        if (wantsOutput)
            Compute(silent, 1, Wanted);
    }

    private void Compute(int first, int count, ulong wanted)
    {
        ComputeSteps(new Share(this, first, count, wanted));
        // The kernels know pointers only: nothing may be finalised before they are done.
        GC.KeepAlive(this);
    }

    private Parameter[] View()
    {
        // In rows of 16, since a layout has an entry for each index of a dimension.
        int rows = checked((int)(_plan.StateLength / Row));
        if (rows == 0)
            return [];
        var layout = new TensorLayout(new TensorDimension(rows, 1, Row, 0), new TensorDimension(Row, 1, 1, 0));
        return [new Parameter(StateName, [rows, Row], _state, 0, layout, ParameterKind.Buffer, 1, 1)];
    }

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowSteps(int length, int size, string name)
        => throw new ArgumentException($"Expected the values of one or more steps, {size} for each, but the length is {length}.", name);

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowLength(int length, int steps, int size, string name)
        => throw new ArgumentException(
            $"Expected {(long)steps * size} values for {steps} steps, {size} for each, but the length is {length}.", name);

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowIndex(int index, int step, int rows, string name)
        => throw new ArgumentOutOfRangeException(name, index, string.Create(CultureInfo.InvariantCulture,
            $"{index} at step {step} is the number of no row: expected 0 to {rows - 1}."));

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowFull(int steps)
        => throw new InvalidOperationException($"The stream has taken {_position} of at most {_capacity} steps, the length that the "
            + $"network declares, and {steps} more are too many; nothing was done. Reset() begins a new sequence.");

    /// <summary>Some steps of a call, and the memory that computing them takes.</summary>
    protected readonly ref struct Share
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Share(StreamCore core, int first, int count, ulong wanted)
        {
            Parameters = core._parameters.Pointer;
            Prepared = core._prepared;
            State = core._state.Pointer;
            Position = core._position + first;
            Arena = core._arena.Pointer;
            Capacity = core._plan.Block;
            First = first;
            Count = count;
            Wanted = wanted;
        }

        /// <summary>The network's parameters, packed.</summary>
        public float* Parameters { get; }

        /// <summary>What inference derives from them; null where that is nothing.</summary>
        public float* Prepared { get; }

        /// <summary>What is kept from step to step.</summary>
        public float* State { get; }

        /// <summary>Steps before the first of these.</summary>
        public long Position { get; }

        /// <summary>Memory for the values of some steps.</summary>
        public float* Arena { get; }

        /// <summary>Steps for which the arena has room.</summary>
        public int Capacity { get; }

        /// <summary>The first step of the call's.</summary>
        public int First { get; }

        /// <summary>Number of steps, at least 1.</summary>
        public int Count { get; }

        /// <summary>Whether outputs are asked for, as bits.</summary>
        public ulong Wanted { get; }

        /// <summary>The caller's values for the first of these steps.</summary>
        /// <param name="values">Those for the first step of the call.</param>
        /// <param name="perStep">Values for one step.</param>
        public T* Of<T>(T* values, int perStep)
            where T : unmanaged
            => values + (long)First * perStep;
    }

    /// <summary>A public call, while which the stream refuses all others.</summary>
    protected readonly ref struct Call
    {
        private readonly Ownership.Lease _lease;

        internal Call(Ownership.Lease lease) => _lease = lease;

        /// <summary>Ends the call.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Dispose() => _lease.Dispose();
    }
}
