namespace NetGen.Cuda;

/// <summary>Launches and copies that were recorded once and are started by one call.</summary>
internal sealed unsafe class CudaGraph : IDisposable
{
    /// <summary>Other threads may allocate while this one records.</summary>
    private const int ThreadLocalMode = 1;

    private readonly CudaContext _context;
    private nint _exec;

    private CudaGraph(CudaContext context, nint exec) => (_context, _exec) = (context, exec);

    /// <summary>Records what is put into a stream. Nothing of it is done.</summary>
    /// <param name="stream">The stream, which is used for nothing else meanwhile.</param>
    /// <param name="record">Puts it there; must neither allocate on the GPU nor wait for it.</param>
    /// <exception cref="CudaException">Something of it cannot be recorded.</exception>
    public static CudaGraph Capture(CudaStream stream, Action record)
    {
        CudaContext context = stream.Context;
        CudaDriver driver = context.Enter();
        context.Check(driver.StreamBeginCapture(stream.Handle, ThreadLocalMode), "Beginning to record");
        nint graph = 0;
        try
        {
            record();
        }
        catch
        {
            // So that the stream can be used again; its own failure says nothing new.
            if (driver.StreamEndCapture(stream.Handle, &graph) == CudaResult.Success)
                driver.GraphDestroy(graph);
            throw;
        }
        context.Check(driver.StreamEndCapture(stream.Handle, &graph), "Ending the record");
        nint exec;
        CudaResult made = driver.GraphInstantiateWithFlags(&exec, graph, 0);
        driver.GraphDestroy(graph);
        context.Check(made, "Making a graph of the record");
        return new CudaGraph(context, exec);
    }

    /// <summary>Puts all of it into a stream.</summary>
    public void Launch(CudaStream stream) => _context.Check(_context.Enter().GraphLaunch(
        _exec != 0 ? _exec : throw new ObjectDisposedException(nameof(CudaGraph)), stream.Handle), "Starting a graph");

    public void Dispose()
    {
        nint exec = Interlocked.Exchange(ref _exec, 0);
        if (exec != 0)
            _context.TryFree(driver => driver.GraphExecDestroy(exec));
    }
}
