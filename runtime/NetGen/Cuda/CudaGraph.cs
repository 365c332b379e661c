namespace NetGen.Cuda;

/// <summary>Launches and copies that were recorded once and are started by one call.</summary>
internal sealed unsafe class CudaGraph : CudaHandle
{
    /// <summary>Other threads may allocate while this one records.</summary>
    private const int ThreadLocalMode = 1;

    private CudaGraph(CudaContext context, nint exec)
        : base(context, exec)
    {
    }

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
    public void Launch(CudaStream stream) => Context.Check(Context.Enter().GraphLaunch(Handle, stream.Handle), "Starting a graph");

    protected override CudaResult Free(CudaDriver driver, nint handle) => driver.GraphExecDestroy(handle);
}
