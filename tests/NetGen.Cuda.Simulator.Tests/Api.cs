using System.Runtime.InteropServices;
using System.Text;
using NetGen.Cuda.Simulator.Driver;

namespace NetGen.Cuda.Simulator.Tests;

/// <summary>The driver as a program calls it: by function pointers.</summary>
internal sealed unsafe class Api : IDisposable
{
    public Api(DriverOptions? options = null, bool isStarted = true)
    {
        Driver = new SimulatedDriver(options);
        if (!isStarted)
            return;
        Check(Init());
        nint context;
        Check(((delegate* unmanaged<nint*, int, CudaResult>)Find("cuDevicePrimaryCtxRetain"))(&context, 0));
        Check(SetCurrent(context));
        Context = context;
    }

    public SimulatedDriver Driver { get; }

    public nint Context { get; }

    public nint Find(string name)
    {
        nint export = Driver.GetExport(name);
        return export != 0 ? export : throw new InvalidOperationException($"There is no {name}.");
    }

    public void Check(CudaResult result) => Assert.True(result == CudaResult.Success, $"{result}: {Driver.LastReason}");

    public CudaResult Init() => ((delegate* unmanaged<uint, CudaResult>)Find("cuInit"))(0);

    public CudaResult SetCurrent(nint context) => One("cuCtxSetCurrent", context);

    public CudaResult One(string name, nint handle) => ((delegate* unmanaged<nint, CudaResult>)Find(name))(handle);

    public CudaResult Create(string name, out nint handle)
    {
        nint made = 0;
        CudaResult result = ((delegate* unmanaged<nint*, uint, CudaResult>)Find(name))(&made, 0);
        handle = made;
        return result;
    }

    public nint Stream()
    {
        Check(Create("cuStreamCreate", out nint stream));
        return stream;
    }

    public nint Event()
    {
        Check(Create("cuEventCreate", out nint @event));
        return @event;
    }

    public CudaResult Allocate(long bytes, out ulong address)
    {
        ulong made = 0;
        CudaResult result = ((delegate* unmanaged<ulong*, nuint, CudaResult>)Find("cuMemAlloc_v2"))(&made, (nuint)bytes);
        address = made;
        return result;
    }

    public ulong Allocate(long bytes)
    {
        Check(Allocate(bytes, out ulong address));
        return address;
    }

    public CudaResult Free(ulong address) => ((delegate* unmanaged<ulong, CudaResult>)Find("cuMemFree_v2"))(address);

    public uint* Pinned(int count, uint flags = 0)
    {
        nint pointer = 0;
        Check(((delegate* unmanaged<nint*, nuint, uint, CudaResult>)Find("cuMemHostAlloc"))(&pointer, (nuint)count * 4, flags));
        return (uint*)pointer;
    }

    public CudaResult ToDevice(ulong to, uint* from, int count, nint stream) =>
        ((delegate* unmanaged<ulong, void*, nuint, nint, CudaResult>)Find("cuMemcpyHtoDAsync_v2"))(to, from, (nuint)count * 4, stream);

    public CudaResult ToHost(uint* to, ulong from, int count, nint stream) =>
        ((delegate* unmanaged<void*, ulong, nuint, nint, CudaResult>)Find("cuMemcpyDtoHAsync_v2"))(to, from, (nuint)count * 4, stream);

    public CudaResult Fill(ulong to, uint value, int count, nint stream) =>
        ((delegate* unmanaged<ulong, uint, nuint, nint, CudaResult>)Find("cuMemsetD32Async"))(to, value, (nuint)count, stream);

    public CudaResult Load(string text, out nint module, out string log)
    {
        nint made = 0;
        byte* room = stackalloc byte[400];
        int* options = stackalloc int[2] { 5, 6 };
        nint* values = stackalloc nint[2] { (nint)room, 400 };
        CudaResult result;
        fixed (byte* image = Encoding.UTF8.GetBytes(text + "\0"))
            result = ((delegate* unmanaged<nint*, void*, uint, int*, nint*, CudaResult>)Find("cuModuleLoadDataEx"))(&made, image, 2, options, values);
        module = made;
        log = Marshal.PtrToStringUTF8((nint)room)!;
        return result;
    }

    public CudaResult Function(nint module, string name, out nint function)
    {
        nint made = 0;
        CudaResult result;
        fixed (byte* text = Encoding.UTF8.GetBytes(name + "\0"))
            result = ((delegate* unmanaged<nint*, nint, byte*, CudaResult>)Find("cuModuleGetFunction"))(&made, module, text);
        function = made;
        return result;
    }

    /// <summary>The only kernel of a module, which is called <c>test</c>.</summary>
    public nint Function(string text)
    {
        Check(Load(text, out nint module, out _));
        Check(Function(module, "test", out nint function));
        return function;
    }

    public CudaResult Launch(nint function, nint stream, ulong address, int threads = 32, int blocks = 1, int shared = 0)
    {
        nint* parameters = stackalloc nint[1] { (nint)(&address) };
        return ((delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, nint*, nint*, CudaResult>)Find("cuLaunchKernel"))(
            function, (uint)blocks, 1, 1, (uint)threads, 1, 1, (uint)shared, stream, parameters, null);
    }

    /// <summary>A launch that may begin while the kernel before it still runs.</summary>
    public CudaResult LaunchEarly(nint function, nint stream, ulong address)
    {
        byte* attribute = stackalloc byte[72];
        new Span<byte>(attribute, 72).Clear();
        *(int*)attribute = 6;
        *(int*)(attribute + 8) = 1;
        byte* config = stackalloc byte[56];
        new Span<byte>(config, 56).Clear();
        uint* numbers = (uint*)config;
        (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]) = (1, 1, 1, 32, 1, 1);
        *(nint*)(config + 32) = stream;
        *(nint*)(config + 40) = (nint)attribute;
        *(uint*)(config + 48) = 1;
        nint* parameters = stackalloc nint[1] { (nint)(&address) };
        return ((delegate* unmanaged<void*, nint, nint*, nint*, CudaResult>)Find("cuLaunchKernelEx"))(config, function, parameters, null);
    }

    public CudaResult Synchronize(nint stream) => One("cuStreamSynchronize", stream);

    public CudaResult Record(nint @event, nint stream) => ((delegate* unmanaged<nint, nint, CudaResult>)Find("cuEventRecord"))(@event, stream);

    public CudaResult Wait(nint stream, nint @event) =>
        ((delegate* unmanaged<nint, nint, uint, CudaResult>)Find("cuStreamWaitEvent"))(stream, @event, 0);

    public CudaResult BeginCapture(nint stream) => ((delegate* unmanaged<nint, int, CudaResult>)Find("cuStreamBeginCapture_v2"))(stream, 1);

    public CudaResult EndCapture(nint stream, out nint graph)
    {
        nint made = 0;
        CudaResult result = ((delegate* unmanaged<nint, nint*, CudaResult>)Find("cuStreamEndCapture"))(stream, &made);
        graph = made;
        return result;
    }

    public nint Instantiate(nint graph)
    {
        nint exec = 0;
        Check(((delegate* unmanaged<nint*, nint, ulong, CudaResult>)Find("cuGraphInstantiateWithFlags"))(&exec, graph, 0));
        return exec;
    }

    public CudaResult LaunchGraph(nint exec, nint stream) => ((delegate* unmanaged<nint, nint, CudaResult>)Find("cuGraphLaunch"))(exec, stream);

    public void Dispose() => Driver.Dispose();
}
