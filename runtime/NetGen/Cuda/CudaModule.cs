using System.Text;

namespace NetGen.Cuda;

/// <summary>Kernels, as the driver has compiled them from PTX.</summary>
internal sealed unsafe class CudaModule : CudaHandle
{
    private const int ErrorLogOption = 5, ErrorLogSizeOption = 6, LogBytes = 8192;

    /// <summary>Compiles a module. The driver keeps what it made in a cache on the disk, so that this takes long only once.</summary>
    /// <param name="context">The GPU.</param>
    /// <param name="text">PTX in UTF-8; need not end in a zero.</param>
    /// <param name="network">Whose kernels they are, for messages.</param>
    /// <exception cref="CudaException">The driver refuses them; says what the driver does.</exception>
    public CudaModule(CudaContext context, ReadOnlySpan<byte> text, string network)
        : base(context, Load(context, text, network))
    {
    }

    private static nint Load(CudaContext context, ReadOnlySpan<byte> text, string network)
    {
        byte[] image = new byte[text.Length + 1];
        text.CopyTo(image);
        byte[] log = new byte[LogBytes];
        nint handle;
        CudaResult result;
        fixed (byte* start = image, room = log)
        {
            int* options = stackalloc int[2] { ErrorLogOption, ErrorLogSizeOption };
            nint* values = stackalloc nint[2] { (nint)room, LogBytes };
            result = context.Enter().ModuleLoadDataEx(&handle, start, 2, options, values);
        }
        if (result is CudaResult.InvalidPtx or CudaResult.UnsupportedPtxVersion)
        {
            string words = Encoding.UTF8.GetString(log.AsSpan(0, Math.Max(0, log.AsSpan().IndexOf((byte)0)))).Trim();
            throw new CudaException(result, $"The driver refuses the kernels of {network} for {context.Device.Name}: "
                + $"{context.Driver.Describe(result)}."
                + (words.Length > 0 ? $" It says: {words}" : ""));
        }
        context.Check(result, $"Loading the kernels of {network}");
        return handle;
    }

    /// <summary>A kernel by its name.</summary>
    /// <param name="name">As the module has it.</param>
    /// <param name="sharedBytes">The most shared memory, beyond what it declares, that launches will ask for.</param>
    /// <exception cref="CudaException">There is none of this name, or no block has so much memory.</exception>
    public CudaFunction Find(string name, int sharedBytes = 0)
    {
        const int DynamicSharedAttribute = 8;
        nint function;
        CudaDriver driver = Context.Enter();
        fixed (byte* text = CudaDriver.Utf8(name))
        {
            Context.Check(driver.ModuleGetFunction(&function, Handle, text), $"Looking for the kernel '{name}'");
        }
        // More than this must be asked for before the first launch.
        if (sharedBytes > 49152)
            Context.Check(driver.FuncSetAttribute(function, DynamicSharedAttribute, sharedBytes),
                $"Asking for {sharedBytes:N0} bytes of shared memory for '{name}'");
        return new CudaFunction(name, function);
    }

    protected override CudaResult Free(CudaDriver driver, nint handle) => driver.ModuleUnload(handle);
}

/// <summary>A kernel. It lives as long as its module.</summary>
internal sealed record CudaFunction(string Name, nint Handle);
