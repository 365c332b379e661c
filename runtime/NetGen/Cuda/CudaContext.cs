namespace NetGen.Cuda;

/// <summary>
/// A GPU in use: its primary context, which libraries in one process share, and which a failed kernel ends for all of them.
/// </summary>
internal sealed unsafe class CudaContext
{
    private readonly nint _handle;

    private CudaException? _lost;

    internal CudaContext(CudaPlatform platform, CudaDevice device)
    {
        (Platform, Device) = (platform, device);
        nint handle;
        CudaResult result = platform.Driver.DevicePrimaryCtxRetain(&handle, device.Ordinal);
        if (result != CudaResult.Success)
            throw new CudaException(result, $"{device.Name} cannot be taken into use: {platform.Driver.Describe(result)}.");
        _handle = handle;
    }

    public CudaPlatform Platform { get; }

    public CudaDevice Device { get; }

    public CudaDriver Driver => Platform.Driver;

    /// <summary>Makes the context the calling thread's. Every call of the driver needs it.</summary>
    /// <exception cref="CudaException">A kernel failed before: the context is lost.</exception>
    public CudaDriver Enter()
    {
        if (_lost is { } lost)
            throw new CudaException(lost.Result, $"{Device.Name} is lost to this process since a kernel failed: {lost.Message}");
        // Each time: other libraries of the process may have set theirs in this thread meanwhile.
        Check(Driver.CtxSetCurrent(_handle), "Making the context current");
        return Driver;
    }

    /// <summary>Free and total bytes of the GPU's memory.</summary>
    public (long Free, long Total) Memory
    {
        get
        {
            nuint free, total;
            Check(Enter().MemGetInfo(&free, &total), "Asking for the free memory");
            return ((long)free, (long)total);
        }
    }

    /// <summary>Throws where a call failed.</summary>
    /// <param name="result">Its answer.</param>
    /// <param name="what">What was tried, as the beginning of a sentence.</param>
    /// <exception cref="CudaException">It failed.</exception>
    public void Check(CudaResult result, string what)
    {
        if (result != CudaResult.Success)
            throw Fail(result, what);
    }

    /// <summary>
    /// Gives something back. Where the context is lost or the driver is going away with the process, nothing is left to be given back, and
    /// nobody who could be told: finalisers come here too.
    /// </summary>
    public void TryFree(Func<CudaDriver, CudaResult> free)
    {
        if (_lost is null && Driver.CtxSetCurrent(_handle) == CudaResult.Success)
            free(Driver);
    }

    private CudaException Fail(CudaResult result, string what)
    {
        var exception = new CudaException(result, $"{what} on {Device.Name}: {Driver.Describe(result)}.");
        if (EndsContext((int)result))
            Interlocked.CompareExchange(ref _lost, exception, null);
        return exception;
    }

    /// <summary>
    /// Whether a kernel did something that ends its context: a wrong address, a timeout, an assertion, a fault of stack, instruction,
    /// address space or program counter, or any other failure. Whatever is called afterwards gets the same answer.
    /// </summary>
    private static bool EndsContext(int result) => result is 700 or 702 or 709 or 710 or (>= 714 and <= 719);
}
