using System.Runtime.InteropServices;
using System.Text;

namespace NetGen.Cuda;

/// <summary>
/// The entry points of the NVIDIA driver, found by their names once. A table of function pointers, and not imports: an import throws far
/// from the cause where the driver is missing, tells of a missing entry point only when it is called, and cannot be given a simulator.
/// </summary>
internal sealed unsafe class CudaDriver
{
    /// <summary>CUDA 11.8: the first that reads PTX 7.8 and has <c>cuLaunchKernelEx</c>.</summary>
    public const int OldestVersion = 11080;

    public readonly delegate* unmanaged<uint, CudaResult> Init;
    public readonly delegate* unmanaged<int*, CudaResult> DriverGetVersion;
    public readonly delegate* unmanaged<int*, CudaResult> DeviceGetCount;
    public readonly delegate* unmanaged<int*, int, CudaResult> DeviceGet;
    public readonly delegate* unmanaged<byte*, int, int, CudaResult> DeviceGetName;
    public readonly delegate* unmanaged<int*, int, int, CudaResult> DeviceGetAttribute;
    public readonly delegate* unmanaged<nuint*, int, CudaResult> DeviceTotalMem;
    public readonly delegate* unmanaged<nint*, int, CudaResult> DevicePrimaryCtxRetain;
    public readonly delegate* unmanaged<int, CudaResult> DevicePrimaryCtxRelease;
    public readonly delegate* unmanaged<nint, CudaResult> CtxSetCurrent;
    public readonly delegate* unmanaged<nuint*, nuint*, CudaResult> MemGetInfo;
    public readonly delegate* unmanaged<ulong*, nuint, CudaResult> MemAlloc;
    public readonly delegate* unmanaged<ulong, CudaResult> MemFree;
    public readonly delegate* unmanaged<nint*, nuint, uint, CudaResult> MemHostAlloc;
    public readonly delegate* unmanaged<nint, CudaResult> MemFreeHost;
    public readonly delegate* unmanaged<ulong, void*, nuint, nint, CudaResult> MemcpyHtoDAsync;
    public readonly delegate* unmanaged<void*, ulong, nuint, nint, CudaResult> MemcpyDtoHAsync;
    public readonly delegate* unmanaged<ulong, uint, nuint, nint, CudaResult> MemsetD32Async;
    public readonly delegate* unmanaged<nint*, void*, uint, int*, nint*, CudaResult> ModuleLoadDataEx;
    public readonly delegate* unmanaged<nint, CudaResult> ModuleUnload;
    public readonly delegate* unmanaged<nint*, nint, byte*, CudaResult> ModuleGetFunction;
    public readonly delegate* unmanaged<nint, int, int, CudaResult> FuncSetAttribute;
    public readonly delegate* unmanaged<CudaLaunchConfig*, nint, nint*, nint*, CudaResult> LaunchKernelEx;
    public readonly delegate* unmanaged<nint*, uint, CudaResult> StreamCreate;
    public readonly delegate* unmanaged<nint, CudaResult> StreamDestroy;
    public readonly delegate* unmanaged<nint, CudaResult> StreamSynchronize;
    public readonly delegate* unmanaged<nint*, uint, CudaResult> EventCreate;
    public readonly delegate* unmanaged<nint, CudaResult> EventDestroy;
    public readonly delegate* unmanaged<nint, nint, CudaResult> EventRecord;
    public readonly delegate* unmanaged<nint, CudaResult> EventQuery;
    public readonly delegate* unmanaged<nint, CudaResult> EventSynchronize;
    public readonly delegate* unmanaged<nint, int, CudaResult> StreamBeginCapture;
    public readonly delegate* unmanaged<nint, nint*, CudaResult> StreamEndCapture;
    public readonly delegate* unmanaged<nint*, nint, ulong, CudaResult> GraphInstantiateWithFlags;
    public readonly delegate* unmanaged<nint, nint, CudaResult> GraphLaunch;
    public readonly delegate* unmanaged<nint, CudaResult> GraphExecDestroy;
    public readonly delegate* unmanaged<nint, CudaResult> GraphDestroy;
    // Whose functions these are must live as long as anybody may call them, finalisers too.
    private readonly Func<string, nint> _functions;
    private readonly delegate* unmanaged<CudaResult, nint*, CudaResult> _getErrorName;
    private readonly delegate* unmanaged<CudaResult, nint*, CudaResult> _getErrorString;

    /// <summary>Finds every entry point and starts the driver.</summary>
    /// <param name="find">The function of a name; 0 where there is none.</param>
    /// <exception cref="PlatformNotSupportedException">An entry point is missing: the driver is too old; or there is no device.</exception>
    public CudaDriver(Func<string, nint> find)
    {
        _functions = find;
        // Its version first, so that what is missing can be explained by it.
        DriverGetVersion = (delegate* unmanaged<int*, CudaResult>)Find("cuDriverGetVersion");
        int version;
        Version = DriverGetVersion(&version) == CudaResult.Success ? version : 0;
        _getErrorName = (delegate* unmanaged<CudaResult, nint*, CudaResult>)Find("cuGetErrorName");
        _getErrorString = (delegate* unmanaged<CudaResult, nint*, CudaResult>)Find("cuGetErrorString");
        Init = (delegate* unmanaged<uint, CudaResult>)Find("cuInit");
        DeviceGetCount = (delegate* unmanaged<int*, CudaResult>)Find("cuDeviceGetCount");
        DeviceGet = (delegate* unmanaged<int*, int, CudaResult>)Find("cuDeviceGet");
        DeviceGetName = (delegate* unmanaged<byte*, int, int, CudaResult>)Find("cuDeviceGetName");
        DeviceGetAttribute = (delegate* unmanaged<int*, int, int, CudaResult>)Find("cuDeviceGetAttribute");
        DeviceTotalMem = (delegate* unmanaged<nuint*, int, CudaResult>)Find("cuDeviceTotalMem_v2");
        DevicePrimaryCtxRetain = (delegate* unmanaged<nint*, int, CudaResult>)Find("cuDevicePrimaryCtxRetain");
        DevicePrimaryCtxRelease = (delegate* unmanaged<int, CudaResult>)Find("cuDevicePrimaryCtxRelease_v2");
        CtxSetCurrent = (delegate* unmanaged<nint, CudaResult>)Find("cuCtxSetCurrent");
        MemGetInfo = (delegate* unmanaged<nuint*, nuint*, CudaResult>)Find("cuMemGetInfo_v2");
        MemAlloc = (delegate* unmanaged<ulong*, nuint, CudaResult>)Find("cuMemAlloc_v2");
        MemFree = (delegate* unmanaged<ulong, CudaResult>)Find("cuMemFree_v2");
        MemHostAlloc = (delegate* unmanaged<nint*, nuint, uint, CudaResult>)Find("cuMemHostAlloc");
        MemFreeHost = (delegate* unmanaged<nint, CudaResult>)Find("cuMemFreeHost");
        MemcpyHtoDAsync = (delegate* unmanaged<ulong, void*, nuint, nint, CudaResult>)Find("cuMemcpyHtoDAsync_v2");
        MemcpyDtoHAsync = (delegate* unmanaged<void*, ulong, nuint, nint, CudaResult>)Find("cuMemcpyDtoHAsync_v2");
        MemsetD32Async = (delegate* unmanaged<ulong, uint, nuint, nint, CudaResult>)Find("cuMemsetD32Async");
        ModuleLoadDataEx = (delegate* unmanaged<nint*, void*, uint, int*, nint*, CudaResult>)Find("cuModuleLoadDataEx");
        ModuleUnload = (delegate* unmanaged<nint, CudaResult>)Find("cuModuleUnload");
        ModuleGetFunction = (delegate* unmanaged<nint*, nint, byte*, CudaResult>)Find("cuModuleGetFunction");
        FuncSetAttribute = (delegate* unmanaged<nint, int, int, CudaResult>)Find("cuFuncSetAttribute");
        LaunchKernelEx = (delegate* unmanaged<CudaLaunchConfig*, nint, nint*, nint*, CudaResult>)Find("cuLaunchKernelEx");
        StreamCreate = (delegate* unmanaged<nint*, uint, CudaResult>)Find("cuStreamCreate");
        StreamDestroy = (delegate* unmanaged<nint, CudaResult>)Find("cuStreamDestroy_v2");
        StreamSynchronize = (delegate* unmanaged<nint, CudaResult>)Find("cuStreamSynchronize");
        EventCreate = (delegate* unmanaged<nint*, uint, CudaResult>)Find("cuEventCreate");
        EventDestroy = (delegate* unmanaged<nint, CudaResult>)Find("cuEventDestroy_v2");
        EventRecord = (delegate* unmanaged<nint, nint, CudaResult>)Find("cuEventRecord");
        EventQuery = (delegate* unmanaged<nint, CudaResult>)Find("cuEventQuery");
        EventSynchronize = (delegate* unmanaged<nint, CudaResult>)Find("cuEventSynchronize");
        StreamBeginCapture = (delegate* unmanaged<nint, int, CudaResult>)Find("cuStreamBeginCapture_v2");
        StreamEndCapture = (delegate* unmanaged<nint, nint*, CudaResult>)Find("cuStreamEndCapture");
        GraphInstantiateWithFlags = (delegate* unmanaged<nint*, nint, ulong, CudaResult>)Find("cuGraphInstantiateWithFlags");
        GraphLaunch = (delegate* unmanaged<nint, nint, CudaResult>)Find("cuGraphLaunch");
        GraphExecDestroy = (delegate* unmanaged<nint, CudaResult>)Find("cuGraphExecDestroy");
        GraphDestroy = (delegate* unmanaged<nint, CudaResult>)Find("cuGraphDestroy");
        if (Version < OldestVersion)
            throw new PlatformNotSupportedException($"The NVIDIA driver is of CUDA {Words(Version)}, and {Words(OldestVersion)} "
                + $"or later is needed.");
        Start();

        nint Find(string name) => _functions(name) is var pointer and not 0 ? pointer : throw new PlatformNotSupportedException(
            $"The NVIDIA driver has no function '{name}'; {(Version > 0 ? $"it is of CUDA {Words(Version)}, and" : "a driver of CUDA")} "
            + $"{Words(OldestVersion)} or later is needed.");
    }

    /// <summary>The newest CUDA that the driver serves: 1000 · major + 10 · minor.</summary>
    public int Version { get; }

    private static string Words(int version) => $"{version / 1000}.{version % 1000 / 10}";

    private void Start()
    {
        CudaResult result = Init(0);
        if (result == CudaResult.NoDevice)
            throw new PlatformNotSupportedException("The NVIDIA driver finds no GPU in this machine (or CUDA_VISIBLE_DEVICES hides it).");
        if (result != CudaResult.Success)
            throw new PlatformNotSupportedException($"The NVIDIA driver does not start: {Describe(result)}.");
    }

    /// <summary>The driver's name of a result and its words for it.</summary>
    public string Describe(CudaResult result)
    {
        nint name = 0, words = 0;
        string text = _getErrorName(result, &name) == CudaResult.Success && name != 0 ? Marshal.PtrToStringUTF8(name)!
            : $"error {(int)result}";
        return _getErrorString(result, &words) == CudaResult.Success && words != 0 && Marshal.PtrToStringUTF8(words) is { } why
            && why != text
            ? $"{text} ({why})" : text;
    }

    /// <summary>A name as the driver reads it.</summary>
    public static byte[] Utf8(string name) => Encoding.UTF8.GetBytes(name + "\0");
}

/// <summary><c>CUlaunchConfig</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CudaLaunchConfig
{
    public uint GridX, GridY, GridZ, BlockX, BlockY, BlockZ, SharedBytes;
    public nint Stream;
    public CudaLaunchAttribute* Attributes;
    public uint AttributeCount;
}

/// <summary><c>CUlaunchAttribute</c>, of which only those that are one whole number are used.</summary>
[StructLayout(LayoutKind.Explicit, Size = 72)]
internal struct CudaLaunchAttribute
{
    /// <summary>The kernel may begin before the one before it in the stream has ended; it waits by <c>griddepcontrol.wait</c>.</summary>
    public const int ProgrammaticStreamSerialization = 6;

    [FieldOffset(0)]
    public int Id;

    [FieldOffset(8)]
    public int Value;
}
