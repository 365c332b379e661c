using System.Runtime.InteropServices;

namespace NetGen.Cuda;

/// <summary>The driver of this machine and its GPUs. Nothing is loaded before somebody asks.</summary>
internal sealed unsafe class CudaPlatform
{
    /// <summary>The oldest GPUs that the kernels are written for: Ampere.</summary>
    public const int OldestMajor = 8;

    private const int MultiprocessorsAttribute = 16, MajorAttribute = 75, MinorAttribute = 76;

    private static readonly object s_gate = new();
    private static CudaPlatform? s_platform;
    private static string? s_whyNot;

    private readonly CudaContext?[] _contexts;
    private readonly object _gate = new();

    /// <summary>The GPUs that a driver has.</summary>
    public CudaPlatform(CudaDriver driver)
    {
        Driver = driver;
        int count;
        Check(driver.DeviceGetCount(&count), "Counting the GPUs");
        if (count == 0)
            throw new PlatformNotSupportedException("The NVIDIA driver finds no GPU in this machine (or CUDA_VISIBLE_DEVICES hides it).");
        Devices = [.. Enumerable.Range(0, count).Select(ReadDevice)];
        _contexts = new CudaContext?[count];
    }

    public CudaDriver Driver { get; }

    /// <summary>The GPUs, by number.</summary>
    public IReadOnlyList<CudaDevice> Devices { get; }

    /// <summary>The platform of this machine.</summary>
    /// <exception cref="PlatformNotSupportedException">There is none; says why.</exception>
    public static CudaPlatform Current
    {
        get
        {
            lock (s_gate)
            {
                if (s_platform is null && s_whyNot is null)
                    Load();
                return s_platform ?? throw new PlatformNotSupportedException(s_whyNot);
            }
        }
    }

    /// <summary>Why this machine has no GPU that can be used; null where it has one.</summary>
    public static string? WhyNot
    {
        get
        {
            try
            {
                CudaPlatform platform = Current;
                return platform.Devices.Any(device => device.WhyNot is null) ? null : platform.Devices[0].WhyNot;
            }
            catch (PlatformNotSupportedException reason)
            {
                return reason.Message;
            }
        }
    }

    private static void Load()
    {
        string library = OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";
        if (!NativeLibrary.TryLoad(library, out nint handle))
        {
            s_whyNot = $"{library} cannot be loaded: this machine has no NVIDIA driver. (In a container it comes from the host, "
                + $"with 'docker run --gpus all'.)";
            return;
        }
        try
        {
            s_platform = new CudaPlatform(new CudaDriver(name => NativeLibrary.TryGetExport(handle, name, out nint export) ? export : 0));
        }
        catch (PlatformNotSupportedException reason)
        {
            s_whyNot = reason.Message;
        }
    }

    /// <summary>The context of a GPU, which all that use the GPU share.</summary>
    /// <param name="ordinal">The GPU's number.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no GPU of this number; lists those that there are.</exception>
    /// <exception cref="PlatformNotSupportedException">The GPU is too old.</exception>
    public CudaContext Open(int ordinal)
    {
        if (ordinal < 0 || ordinal >= Devices.Count)
        {
            string all = string.Join(", ", Devices.Select(device => $"{device.Ordinal}: {device.Name}"));
            throw new ArgumentOutOfRangeException(nameof(ordinal), ordinal,
                $"There is no GPU of this number; those of this machine are {all}.");
        }
        if (Devices[ordinal].WhyNot is { } reason)
            throw new PlatformNotSupportedException(reason);
        lock (_gate)
            return _contexts[ordinal] ??= new CudaContext(this, Devices[ordinal]);
    }

    private CudaDevice ReadDevice(int ordinal)
    {
        int device;
        Check(Driver.DeviceGet(&device, ordinal), $"Looking for GPU {ordinal}");
        byte* name = stackalloc byte[256];
        nuint memory;
        Check(Driver.DeviceGetName(name, 256, device), $"The name of GPU {ordinal}");
        Check(Driver.DeviceTotalMem(&memory, device), $"The memory of GPU {ordinal}");
        return new CudaDevice(ordinal, Marshal.PtrToStringUTF8((nint)name)!, Attribute(device, MajorAttribute, ordinal),
            Attribute(device, MinorAttribute, ordinal), (long)memory, Attribute(device, MultiprocessorsAttribute, ordinal));
    }

    private int Attribute(int device, int attribute, int ordinal)
    {
        int value;
        Check(Driver.DeviceGetAttribute(&value, attribute, device), $"Attribute {attribute} of GPU {ordinal}");
        return value;
    }

    private void Check(CudaResult result, string what)
    {
        if (result != CudaResult.Success)
            throw new CudaException(result, $"{what}: {Driver.Describe(result)}.");
    }
}

/// <summary>A GPU of this machine.</summary>
/// <param name="Ordinal">Its number, from 0, as the driver counts.</param>
/// <param name="Name">Its name, such as <c>NVIDIA H100 80GB HBM3</c>.</param>
/// <param name="Major">Of its compute capability.</param>
/// <param name="Minor">Of its compute capability.</param>
/// <param name="Memory">Bytes of its memory.</param>
/// <param name="Multiprocessors">How many it has.</param>
internal sealed record CudaDevice(int Ordinal, string Name, int Major, int Minor, long Memory, int Multiprocessors)
{
    /// <summary>Why it cannot be used; null where it can.</summary>
    public string? WhyNot => Major >= CudaPlatform.OldestMajor ? null
        : $"{Name} has compute capability {Major}.{Minor}, and {CudaPlatform.OldestMajor}.0 (Ampere) or later is needed.";
}
