using System.Runtime.InteropServices;
using NetGen.Cuda.Simulator.Instructions;
using NetGen.Cuda.Simulator.Ptx;

namespace NetGen.Cuda.Simulator.Machine;

/// <summary>A block of threads with its shared memory. One object runs all blocks of a launch in turn.</summary>
internal sealed unsafe class Block : IDisposable
{
    private readonly Gpu _gpu;
    private readonly PtxKernel _kernel;
    private readonly Launch _launch;
    private readonly Statistics _statistics;
    private readonly Warp[] _warps;
    private readonly byte* _shared;
    private readonly int _sharedBytes;
    private readonly Shadow? _shadow;
    private readonly byte[] _constants;
    private int _number, _epoch;

    public Block(Gpu gpu, Launch launch, Statistics statistics, byte* parameters)
    {
        (_gpu, _launch, _statistics) = (gpu, launch, statistics);
        Parameters = parameters;
        _kernel = launch.Kernel;
        // Arrays of any alignment may begin where the kernel's own end.
        DynamicSharedOffset = (_kernel.SharedBytes + 127) / 128 * 128;
        _sharedBytes = _kernel.HasDynamicShared ? DynamicSharedOffset + launch.Shape.SharedBytes : _kernel.SharedBytes;
        _shared = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(128, _sharedBytes), 128);
        _shadow = gpu.HasChecks ? new Shadow(_sharedBytes) : null;
        _constants = GC.AllocateArray<byte>(Math.Max(1, _kernel.Module.Constants.Length), pinned: true);
        _kernel.Module.Constants.CopyTo(_constants, 0);
        int threads = launch.Shape.Threads;
        _warps = [.. Enumerable.Range(0, (threads + 31) / 32).Select(i => new Warp(this, _kernel, i, Math.Min(32, threads - i * 32)))];
    }

    public byte* Parameters { get; }

    public bool HasChecks => _gpu.HasChecks;

    public int DynamicSharedOffset { get; }

    /// <summary>Where it is in the grid, for messages.</summary>
    public string Place { get; private set; } = "";

    public void Run((int X, int Y, int Z) at, int number, Random random)
    {
        _number = number;
        _epoch = 0;
        Place = $"({at.X}, {at.Y}, {at.Z})";
        _shadow?.Clear();
        if (_shadow is not null)
            NativeMemory.Fill(_shared, (nuint)_sharedBytes, 0xFF);
        foreach (Warp warp in _warps)
            warp.Start(at, _launch.Shape);
        long budget = _gpu.InstructionLimit;
        while (true)
        {
            // In an order of chance, so that what depends on the order shows.
            random.Shuffle(_warps);
            foreach (Warp warp in _warps)
            {
                if (!warp.IsDone)
                    warp.Run(_statistics, ref budget);
            }
            if (_warps.All(warp => warp.IsDone))
                return;
            PassBarrier();
        }
    }

    private void PassBarrier()
    {
        BlockBarrier barrier = _warps.First(warp => !warp.IsDone).Barrier!;
        foreach (Warp warp in _warps)
        {
            if (warp.IsDone || warp.Barrier!.Number != barrier.Number)
            {
                string where = warp.IsDone ? "has ended" : $"waits at barrier {warp.Barrier!.Number}";
                throw new KernelFaultException(FaultKind.Deadlock,
                    $"{_kernel.Name}, block {Place}: a warp waits at barrier {barrier.Number}, and warp {warp.Number} {where}");
            }
            if (warp.Barrier.Vote?.IsAnd != barrier.Vote?.IsAnd)
            {
                throw new KernelFaultException(FaultKind.Deadlock,
                    $"{_kernel.Name}, block {Place}: at barrier {barrier.Number} warps ask different things, or some ask nothing");
            }
        }
        bool said = barrier.Vote is { IsAnd: var isAnd }
            && (isAnd ? _warps.All(warp => warp.Says(warp.Barrier!.Vote!)) : _warps.Any(warp => warp.Says(warp.Barrier!.Vote!)));
        foreach (Warp warp in _warps)
            warp.PassBarrier(said);
        _epoch++;
    }

    /// <summary>Where a lane's access lies in this process, once all rules have been checked.</summary>
    public byte* Access(Warp warp, int lane, MemorySpace space, ulong address, int bytes, AccessKind kind, bool checkAlignment = true)
    {
        if (checkAlignment && address % (ulong)bytes != 0)
            throw new KernelFault(FaultKind.Alignment, $"lane {lane} accesses {bytes} bytes at {address:X}, which is no multiple");
        if (space == MemorySpace.Generic)
        {
            bool isShared = address >> 40 == 1;
            space = isShared ? MemorySpace.Shared : MemorySpace.Global;
            if (isShared)
                address -= DeviceMemory.SharedWindow;
        }
        ulong stamp = StampOf(warp, lane);
        switch (space)
        {
            case MemorySpace.Shared:
                if (address + (ulong)bytes > (ulong)_sharedBytes)
                {
                    throw new KernelFault(FaultKind.Bounds, $"lane {lane} accesses bytes {address} to {address + (ulong)bytes - 1} "
                        + $"of {_sharedBytes} bytes of shared memory");
                }
                _shadow?.Touch((long)address, bytes, kind, stamp, null, "shared");
                return _shared + address;
            case MemorySpace.Constant:
                if (address + (ulong)bytes > (ulong)_kernel.Module.Constants.Length)
                {
                    throw new KernelFault(FaultKind.Bounds, $"lane {lane} reads bytes {address} to {address + (ulong)bytes - 1} "
                        + $"of {_kernel.Module.Constants.Length} bytes of constant memory");
                }
                return (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_constants, (int)address);
            default:
                // A kernel that begins early knows nothing of what the one before it does, until it has waited.
                ILaunchOrder? order = _launch.BeginsEarly && !warp.HasWaitedForGrid ? _launch.OrderBeforeWait : _launch.Order;
                return _gpu.Memory.Access(address, bytes, kind, stamp, order);
        }
    }

    /// <summary>Lets a copy arrive.</summary>
    public void Arrive(Warp warp, int lane, int to, byte[] data)
    {
        _shadow?.Arrive(to, data.Length, StampOf(warp, lane));
        data.CopyTo(new Span<byte>(_shared + to, data.Length));
    }

    /// <summary>Counts what an access costs.</summary>
    public void Count(MemorySpace space, ulong* addresses, uint lanes, int bytes)
    {
        if (!_gpu.Counts)
            return;
        if (space == MemorySpace.Shared)
            _statistics.CountShared(addresses, lanes, bytes);
        else if (space == MemorySpace.Global)
            _statistics.CountGlobal(addresses, lanes, bytes);
    }

    private ulong StampOf(Warp warp, int lane) => Stamp.Create(_launch.Number, _number, _epoch, warp.Epoch, warp.Number * 32 + lane);

    public void Dispose()
    {
        NativeMemory.AlignedFree(_shared);
        foreach (Warp warp in _warps)
            warp.Dispose();
    }
}
