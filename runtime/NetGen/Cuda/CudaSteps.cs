namespace NetGen.Cuda;

/// <summary>
/// Steps of a training, or passes of a session, on their way to a GPU. There are two slots, each a block of the host's memory that does
/// not move and its copy on the GPU, with all that changes from step to step: so the batch of one step is copied while the step before it
/// runs, and the host waits only for the step before that.
/// </summary>
/// <remarks>
/// What a step gives back to the host is written by its last kernel into a ring of results, in memory that both see, and read behind the
/// step's event: nobody waits for what comes after.
/// </remarks>
internal sealed unsafe class CudaSteps : IDisposable
{
    /// <summary>How many steps' results are there at a time.</summary>
    public const int RingLength = 64;

    /// <summary>Bytes of a step's result in the ring.</summary>
    public const int ResultBytes = 64;

    private const int Slots = 2;

    private readonly CudaContext _context;
    private readonly CudaStream _copies;
    private readonly PinnedBuffer _host, _ring;
    private readonly DeviceBuffer _device;
    private readonly CudaEvent[] _copied, _done;
    private readonly long _slotBytes;
    private bool _isDisposed;

    /// <summary>Allocates the slots and the ring.</summary>
    /// <param name="context">The GPU.</param>
    /// <param name="slotBytes">Bytes that change from step to step: batch, targets, numbers of the step.</param>
    /// <exception cref="CudaException">There is not so much memory.</exception>
    public CudaSteps(CudaContext context, long slotBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slotBytes);
        _context = context;
        // Slots begin at multiples of 256 bytes, as allocations do.
        _slotBytes = (slotBytes + 255) / 256 * 256;
        Main = new CudaStream(context);
        _copies = new CudaStream(context);
        _host = new PinnedBuffer(context, Slots * _slotBytes, isMapped: false, "two batches");
        _ring = new PinnedBuffer(context, RingLength * ResultBytes, isMapped: true, "results");
        new Span<byte>(_ring.Pointer, RingLength * ResultBytes).Clear();
        _device = new DeviceBuffer(context, Slots * _slotBytes, "two batches");
        _copied = [new CudaEvent(context), new CudaEvent(context)];
        _done = [new CudaEvent(context), new CudaEvent(context)];
    }

    /// <summary>Where steps run.</summary>
    public CudaStream Main { get; }

    /// <summary>How many steps were started.</summary>
    public long Started { get; private set; }

    /// <summary>The slot of the next step, 0 or 1.</summary>
    public int NextSlot => (int)(Started % Slots);

    /// <summary>Where a slot's copy lies on the GPU.</summary>
    public ulong SlotAddress(int slot) => _device.Address + (ulong)(slot * _slotBytes);

    /// <summary>Where the ring of results lies for the GPU.</summary>
    public ulong RingAddress => _ring.DeviceAddress;

    /// <summary>Waits until the next slot is free, and gives it: write the step's bytes there, then call <see cref="Start"/>.</summary>
    public Span<byte> Take()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        int slot = NextSlot;
        if (Started >= Slots)
            _done[slot].Synchronize();
        return new Span<byte>(_host.Pointer + slot * _slotBytes, checked((int)_slotBytes));
    }

    /// <summary>Starts a step with what was written to its slot.</summary>
    /// <param name="graph">What was captured for this slot.</param>
    /// <param name="bytes">How many bytes of the slot were written.</param>
    /// <exception cref="CudaException">It could not be started; it does not count then.</exception>
    public void Start(CudaGraph graph, long bytes)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _slotBytes);
        int slot = NextSlot;
        _copies.CopyToDevice(SlotAddress(slot), _host.Pointer + slot * _slotBytes, bytes);
        _copied[slot].Record(_copies);
        Main.Wait(_copied[slot]);
        graph.Launch(Main);
        _done[slot].Record(Main);
        Started++;
    }

    /// <summary>Waits for a step and gives what its last kernel wrote into the ring.</summary>
    /// <param name="step">From 0; one of the last <see cref="RingLength"/>.</param>
    public ReadOnlySpan<byte> WaitForResult(long step)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, Started);
        ArgumentOutOfRangeException.ThrowIfLessThan(step, Started - RingLength);
        // Of a step before the last two the slot was taken again, which waited for it.
        if (step >= Started - Slots)
            _done[step % Slots].Synchronize();
        return new ReadOnlySpan<byte>(_ring.Pointer + step % RingLength * ResultBytes, ResultBytes);
    }

    /// <summary>Whether a step is done, without waiting.</summary>
    public bool IsDone(long step) => step < Started - Slots || _done[step % Slots].IsDone;

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        // What is under way still reads and writes the memory.
        _context.TryFree(driver => driver.StreamSynchronize(Main.Handle));
        Main.Dispose();
        _copies.Dispose();
        foreach (CudaEvent @event in _copied.Concat(_done))
            @event.Dispose();
        _host.Dispose();
        _ring.Dispose();
        _device.Dispose();
    }
}
