namespace NetGen.Cuda;

/// <summary>Memory of a GPU.</summary>
internal sealed unsafe class DeviceBuffer : IDisposable
{
    private readonly CudaContext _context;
    private ulong _address;

    /// <summary>Allocates memory, which holds nothing that means anything.</summary>
    /// <param name="context">The GPU.</param>
    /// <param name="bytes">How much, at least 1.</param>
    /// <param name="what">What it is for, for a message: "the activations".</param>
    /// <param name="perSample">How much of it is for each sample of a batch; 0 where that is not it.</param>
    /// <exception cref="CudaException">
    /// There is not so much; says how much was wanted and how much is free, and the batch for which there is enough.
    /// </exception>
    public DeviceBuffer(CudaContext context, long bytes, string what, long perSample = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        (_context, Bytes) = (context, bytes);
        ulong address;
        CudaResult result = context.Enter().MemAlloc(&address, (nuint)bytes);
        if (result == CudaResult.OutOfMemory)
        {
            GC.SuppressFinalize(this);
            (long free, long total) = context.Memory;
            throw new CudaException(result,
                $"{context.Device.Name} has no {bytes:N0} bytes for {what}: {free:N0} of its {total:N0} bytes are free. "
                    + (perSample > 0 ? $"There is room for batches of at most {free / perSample:N0}." : "A smaller batch takes less."));
        }
        if (result != CudaResult.Success)
            GC.SuppressFinalize(this);
        context.Check(result, $"Allocating {bytes:N0} bytes for {what}");
        _address = address;
    }

    /// <summary>Frees memory that nobody disposed of.</summary>
    ~DeviceBuffer() => Free();

    public long Bytes { get; }

    /// <summary>Where it begins.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    public ulong Address => _address != 0 ? _address : throw new ObjectDisposedException(nameof(DeviceBuffer));

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        ulong address = Interlocked.Exchange(ref _address, 0);
        if (address != 0)
            _context.TryFree(driver => driver.MemFree(address));
    }
}

/// <summary>Memory of the host that does not move, so that copies from and to it run beside everything else.</summary>
internal sealed unsafe class PinnedBuffer : IDisposable
{
    private readonly CudaContext _context;
    private nint _address;

    /// <summary>Allocates memory of the host.</summary>
    /// <param name="context">The GPU.</param>
    /// <param name="bytes">How much, at least 1.</param>
    /// <param name="what">What it is for, for a message: "the batch".</param>
    /// <exception cref="CudaException">There is not so much.</exception>
    public PinnedBuffer(CudaContext context, long bytes, string what)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        (_context, Bytes) = (context, bytes);
        nint address;
        CudaDriver driver = context.Enter();
        CudaResult result = driver.MemHostAlloc(&address, (nuint)bytes, 0);
        if (result != CudaResult.Success)
            GC.SuppressFinalize(this);
        context.Check(result, $"Allocating {bytes:N0} bytes of the host for {what}");
        _address = address;
    }

    /// <summary>Frees memory that nobody disposed of.</summary>
    ~PinnedBuffer() => Free();

    public long Bytes { get; }

    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    public byte* Pointer => _address != 0 ? (byte*)_address : throw new ObjectDisposedException(nameof(PinnedBuffer));

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        nint address = Interlocked.Exchange(ref _address, 0);
        if (address != 0)
            _context.TryFree(driver => driver.MemFreeHost(address));
    }
}
