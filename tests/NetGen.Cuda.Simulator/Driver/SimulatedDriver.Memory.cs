using System.Runtime.InteropServices;

namespace NetGen.Cuda.Simulator.Driver;

/// <content>Memory of the device, memory of the host that does not move, and copies between them.</content>
public sealed unsafe partial class SimulatedDriver
{
    private readonly HashSet<ulong> _allocations = [];
    private readonly SortedDictionary<nint, HostBlock> _hostMemory = [];

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult TwoSizes(nuint* first, nuint* second);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult AddressSize(ulong* address, nuint bytes);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult OneAddress(ulong address);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult PointerSizeUInt(nint* pointer, nuint bytes, uint flags);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult HandleSizeUInt(nint pointer, nuint bytes, uint flags);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult AddressHandleUInt(ulong* address, nint pointer, uint flags);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult ToDevice(ulong to, nint from, nuint bytes, nint stream);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult ToHost(nint to, ulong from, nuint bytes, nint stream);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult Fill(ulong to, uint value, nuint count, nint stream);

    private void AddMemory()
    {
        Add("cuMemGetInfo_v2", new TwoSizes((free, total) => Do("cuMemGetInfo_v2", () =>
        {
            *total = (nuint)CurrentGpu.Memory.Capacity;
            *free = (nuint)(CurrentGpu.Memory.Capacity - CurrentGpu.Memory.Used);
        })));
        Add("cuMemAlloc_v2", new AddressSize((address, bytes) => Do("cuMemAlloc_v2", () =>
        {
            RefuseInCapture("cuMemAlloc_v2");
            Require(bytes > 0, "0 bytes are no allocation");
            ulong made = CurrentGpu.Allocate((long)bytes);
            Require(made != 0, $"{bytes} bytes are not free", CudaResult.OutOfMemory);
            _allocations.Add(made);
            *address = made;
        })));
        Add("cuMemFree_v2", new OneAddress(address => Do("cuMemFree_v2", () =>
        {
            RefuseInCapture("cuMemFree_v2");
            if (address == 0)
                return;
            Require(_allocations.Contains(address), $"nothing is allocated at {address:X}");
            // The driver waits for what may still use it.
            Engine.FinishAll();
            _allocations.Remove(address);
            CurrentGpu.Free(address);
        })));
        AddHostMemory();
        Add("cuMemcpyHtoDAsync_v2", new ToDevice((to, from, bytes, stream) =>
            Do("cuMemcpyHtoDAsync_v2", () => CopyToDevice(to, from, bytes, stream))));
        Add("cuMemcpyDtoHAsync_v2", new ToHost((to, from, bytes, stream) =>
            Do("cuMemcpyDtoHAsync_v2", () => CopyToHost(to, from, bytes, stream))));
        Add("cuMemsetD32Async", new Fill((to, value, count, stream) => Do("cuMemsetD32Async", () =>
        {
            Require(to % 4 == 0, "the place is no multiple of 4");
            Machine.Gpu gpu = CurrentGpu;
            Queue(stream, new MemoryWork("a fill", (number, order) => gpu.Fill(to, value, (long)count, number, order)));
        })));
    }

    private void AddHostMemory()
    {
        Add("cuMemHostAlloc", new PointerSizeUInt((pointer, bytes, flags) => Do("cuMemHostAlloc", () =>
        {
            RefuseInCapture("cuMemHostAlloc");
            Require(bytes > 0 && flags < 8, "0 bytes, or flags that there are not");
            void* made = NativeMemory.AlignedAlloc(bytes, 4096);
            NativeMemory.Fill(made, bytes, 0xFF);
            _hostMemory.Add((nint)made, new HostBlock((nint)made, (long)bytes, IsOwn: true, MayMap: (flags & 2) != 0));
            *pointer = (nint)made;
        })));
        Add("cuMemFreeHost", new OneHandle(pointer => Do("cuMemFreeHost", () =>
        {
            RefuseInCapture("cuMemFreeHost");
            Require(_hostMemory.TryGetValue(pointer, out HostBlock? block) && block.IsOwn, "it is not of cuMemHostAlloc");
            Engine.FinishAll();
            Forget(block!);
            NativeMemory.AlignedFree((void*)pointer);
        })));
        Add("cuMemHostRegister_v2", new HandleSizeUInt((pointer, bytes, flags) => Do("cuMemHostRegister_v2", () =>
        {
            Require(bytes > 0 && flags < 16, "0 bytes, or flags that there are not");
            Require(_hostMemory.TryAdd(pointer, new HostBlock(pointer, (long)bytes, IsOwn: false, MayMap: (flags & 2) != 0)),
                "it is registered already");
        })));
        Add("cuMemHostUnregister", new OneHandle(pointer => Do("cuMemHostUnregister", () =>
        {
            Require(_hostMemory.TryGetValue(pointer, out HostBlock? block) && !block.IsOwn, "it is not registered");
            Engine.FinishAll();
            Forget(block!);
        })));
        Add("cuMemHostGetDevicePointer_v2", new AddressHandleUInt((address, pointer, flags) => Do("cuMemHostGetDevicePointer_v2", () =>
        {
            Require(flags == 0, "the flags are 0");
            HostBlock block = FindHost(pointer, 1) ?? throw new CudaFailure(CudaResult.InvalidValue,
                "it is no memory of the host that does not move");
            Require(block.MayMap, "it was not asked for as mapped memory");
            if (block.DeviceAddress == 0)
                block.DeviceAddress = CurrentGpu.Memory.Map((byte*)block.Address, block.Bytes);
            *address = block.DeviceAddress + (ulong)(pointer - block.Address);
        })));
    }

    private void Forget(HostBlock block)
    {
        if (block.DeviceAddress != 0)
            CurrentGpu.Memory.Free(block.DeviceAddress);
        _hostMemory.Remove(block.Address);
    }

    private HostBlock? FindHost(nint pointer, long bytes) =>
        _hostMemory.Values.FirstOrDefault(block => pointer >= block.Address && pointer + bytes <= block.Address + block.Bytes);

    private void CopyToDevice(ulong to, nint from, nuint bytes, nint stream)
    {
        Machine.Gpu gpu = CurrentGpu;
        if (FindHost(from, (long)bytes) is not null)
        {
            // Read when the copy is done: who writes the place before that, changes what arrives.
            Queue(stream, new MemoryWork("a copy to the device", (number, order) =>
                gpu.Copy(to, new ReadOnlySpan<byte>((void*)from, (int)bytes), number, order)));
            return;
        }
        Require(Get<Stream>(stream).Capture is null, "memory that may move cannot be copied in a capture",
            CudaResult.StreamCaptureUnsupported);
        // Memory that may move is read before the call returns.
        byte[] data = new ReadOnlySpan<byte>((void*)from, (int)bytes).ToArray();
        Queue(stream, new MemoryWork("a copy to the device", (number, order) => gpu.Copy(to, data, number, order)));
    }

    private void CopyToHost(nint to, ulong from, nuint bytes, nint stream)
    {
        Machine.Gpu gpu = CurrentGpu;
        bool isPinned = FindHost(to, (long)bytes) is not null;
        Require(isPinned || Get<Stream>(stream).Capture is null, "memory that may move cannot be copied in a capture",
            CudaResult.StreamCaptureUnsupported);
        Queue(stream, new MemoryWork("a copy to the host", (number, order) =>
            gpu.Copy(new Span<byte>((void*)to, (int)bytes), from, number, order)));
        // To memory that may move the call returns when everything has arrived.
        if (!isPinned)
            Engine.Finish(Get<Stream>(stream));
    }

    /// <summary>Memory of the host that does not move.</summary>
    /// <param name="IsOwn">Whether the driver allocated it.</param>
    private sealed record HostBlock(nint Address, long Bytes, bool IsOwn, bool MayMap)
    {
        public ulong DeviceAddress { get; set; }
    }
}
