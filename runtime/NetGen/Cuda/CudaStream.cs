namespace NetGen.Cuda;

/// <summary>A queue of work for a GPU, done in order.</summary>
internal sealed unsafe class CudaStream(CudaContext context) : CudaHandle(context, Create(context))
{
    /// <summary>A stream that waits for nothing but its own events.</summary>
    private const uint NonBlockingFlag = 1;

    /// <summary>Waits until all that is in the stream is done.</summary>
    public void Synchronize() => Context.Check(Context.Enter().StreamSynchronize(Handle), "Waiting for a stream");

    /// <summary>Copies from the host. The source must not change before the stream has come so far.</summary>
    public void CopyToDevice(ulong to, void* from, long bytes) =>
        Context.Check(Context.Enter().MemcpyHtoDAsync(to, from, (nuint)bytes, Handle), "Copying to the GPU");

    /// <summary>Copies to the host. The copy is there when the stream has come so far.</summary>
    public void CopyToHost(void* to, ulong from, long bytes) =>
        Context.Check(Context.Enter().MemcpyDtoHAsync(to, from, (nuint)bytes, Handle), "Copying from the GPU");

    /// <summary>Sets words of 32 bits.</summary>
    public void Fill(ulong to, uint value, long words) =>
        Context.Check(Context.Enter().MemsetD32Async(to, value, (nuint)words, Handle), "Filling memory");

    /// <summary>Starts a kernel.</summary>
    /// <param name="function">The kernel.</param>
    /// <param name="shape">Blocks and threads.</param>
    /// <param name="arguments">One for each parameter of the kernel, each in 64 bits of which it reads as many as it has.</param>
    public void Launch(CudaFunction function, in CudaShape shape, ReadOnlySpan<ulong> arguments)
    {
        CudaDriver driver = Context.Enter();
        nint* pointers = stackalloc nint[arguments.Length + 1];
        fixed (ulong* values = arguments)
        {
            for (int i = 0; i < arguments.Length; i++)
                pointers[i] = (nint)(values + i);
            var early = new CudaLaunchAttribute { Id = CudaLaunchAttribute.ProgrammaticStreamSerialization, Value = 1 };
            var config = new CudaLaunchConfig
            {
                GridX = (uint)shape.GridX,
                GridY = (uint)shape.GridY,
                GridZ = (uint)shape.GridZ,
                BlockX = (uint)shape.Threads,
                BlockY = 1,
                BlockZ = 1,
                SharedBytes = (uint)shape.SharedBytes,
                Stream = Handle,
                Attributes = &early,
                AttributeCount = shape.BeginsEarly ? 1u : 0,
            };
            CudaResult result = driver.LaunchKernelEx(&config, function.Handle, pointers, null);
            if (result != CudaResult.Success)
                Context.Check(result, $"Starting the kernel '{function.Name}'");
        }
    }

    protected override CudaResult Free(CudaDriver driver, nint handle) => driver.StreamDestroy(handle);

    private static nint Create(CudaContext context)
    {
        nint handle;
        context.Check(context.Enter().StreamCreate(&handle, NonBlockingFlag), "Creating a stream");
        return handle;
    }
}

/// <summary>How many blocks a launch has, and how many threads a block.</summary>
/// <param name="GridX">Blocks along x.</param>
/// <param name="GridY">Blocks along y.</param>
/// <param name="GridZ">Blocks along z.</param>
/// <param name="Threads">Threads of a block.</param>
/// <param name="SharedBytes">Shared memory beyond what the kernel declares.</param>
/// <param name="BeginsEarly">Whether it may begin while the kernel before it still runs; it waits by itself.</param>
internal readonly record struct CudaShape(int GridX, int GridY, int GridZ, int Threads, int SharedBytes = 0, bool BeginsEarly = false);

/// <summary>A point in a stream.</summary>
internal sealed unsafe class CudaEvent(CudaContext context) : CudaHandle(context, Create(context))
{
    private const uint DisableTimingFlag = 2;

    /// <summary>Whether the stream has come to where the event was recorded last; also where it never was.</summary>
    public bool IsDone
    {
        get
        {
            CudaResult result = Context.Enter().EventQuery(Handle);
            if (result == CudaResult.NotReady)
                return false;
            Context.Check(result, "Asking for an event");
            return true;
        }
    }

    /// <summary>Records it behind all that is in the stream.</summary>
    public void Record(CudaStream stream) => Context.Check(Context.Enter().EventRecord(Handle, stream.Handle), "Recording an event");

    /// <summary>Waits until the stream has come so far.</summary>
    public void Synchronize() => Context.Check(Context.Enter().EventSynchronize(Handle), "Waiting for the GPU");

    protected override CudaResult Free(CudaDriver driver, nint handle) => driver.EventDestroy(handle);

    private static nint Create(CudaContext context)
    {
        nint handle;
        context.Check(context.Enter().EventCreate(&handle, DisableTimingFlag), "Creating an event");
        return handle;
    }
}
