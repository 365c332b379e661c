namespace NetGen.Cuda;

/// <summary>Something of the driver's that is given back once: a stream, an event, a module, a graph.</summary>
internal abstract class CudaHandle(CudaContext context, nint handle) : IDisposable
{
    private nint _handle = handle;

    public CudaContext Context => context;

    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    public nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(GetType().Name);

    public void Dispose()
    {
        nint handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0)
            context.TryFree(driver => Free(driver, handle));
    }

    /// <summary>Gives it back to the driver.</summary>
    protected abstract CudaResult Free(CudaDriver driver, nint handle);
}
