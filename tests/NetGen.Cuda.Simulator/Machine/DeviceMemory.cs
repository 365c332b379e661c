using System.Runtime.InteropServices;

namespace NetGen.Cuda.Simulator.Machine;

/// <summary>
/// Global memory. Each allocation has a part of the address space to itself, 2⁴⁰ bytes, so that an access beyond its end never falls
/// into another one.
/// </summary>
internal sealed unsafe class DeviceMemory : IDisposable
{
    /// <summary>Where shared memory lies among generic addresses.</summary>
    public const ulong SharedWindow = 1ul << AddressBits;

    private const int AddressBits = 40;

    private readonly List<Allocation?> _allocations = [null, null];
    private long _used;

    /// <summary>The memory of the device, in bytes.</summary>
    public long Capacity { get; init; } = 1L << 33;

    public long Used => _used;

    public bool HasChecks { get; init; } = true;

    /// <returns>The address, or 0 where not so much is free.</returns>
    public ulong Allocate(long bytes)
    {
        if (bytes <= 0 || _used + bytes > Capacity)
            return 0;
        _allocations.Add(new Allocation(bytes, HasChecks));
        _used += bytes;
        return (ulong)(_allocations.Count - 1) << AddressBits;
    }

    /// <summary>
    /// Gives memory of the host an address among the device's. What the host does with it is not seen, so nothing there is checked but
    /// bounds.
    /// </summary>
    public ulong Map(byte* host, long bytes)
    {
        _allocations.Add(new Allocation(host, bytes));
        return (ulong)(_allocations.Count - 1) << AddressBits;
    }

    /// <summary>Whether there was an allocation that begins at the address; there is none any more.</summary>
    public bool Free(ulong address)
    {
        int index = (int)(address >> AddressBits);
        if (address != (ulong)index << AddressBits || index >= _allocations.Count || _allocations[index] is not { } allocation)
            return false;
        _allocations[index] = null;
        if (allocation.IsOwn)
            _used -= allocation.Bytes;
        allocation.Dispose();
        return true;
    }

    /// <summary>Where an access lies, once all rules have been checked.</summary>
    public byte* Access(ulong address, long bytes, AccessKind kind, ulong stamp, ILaunchOrder? order)
    {
        int index = (int)(address >> AddressBits);
        long offset = (long)(address & ((1ul << AddressBits) - 1));
        if (index >= _allocations.Count || _allocations[index] is not { } allocation)
        {
            string why = index >= 2 && index < _allocations.Count ? "which was freed" : "where nothing is allocated";
            throw new KernelFault(FaultKind.Bounds, $"thread {Stamp.Thread(stamp)} accesses global address {address:X}, {why}");
        }
        if (offset + bytes > allocation.Bytes)
        {
            throw new KernelFault(FaultKind.Bounds, $"thread {Stamp.Thread(stamp)} accesses bytes {offset} to {offset + bytes - 1} "
                + $"of an allocation of {allocation.Bytes} bytes");
        }
        allocation.Shadow?.Touch(offset, (int)bytes, kind, stamp, order, "global");
        return allocation.Data + offset;
    }

    /// <summary>Counts everything that was written before as done by one operation, before all that follow.</summary>
    public void Renumber(ulong stamp)
    {
        foreach (Allocation? allocation in _allocations)
            allocation?.Shadow?.Renumber(stamp);
    }

    public void Dispose()
    {
        for (int i = 0; i < _allocations.Count; i++)
        {
            _allocations[i]?.Dispose();
            _allocations[i] = null;
        }
    }

    private sealed class Allocation : IDisposable
    {
        public Allocation(long bytes, bool hasShadow)
        {
            (Bytes, IsOwn) = (bytes, true);
            Data = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, 512);
            // NaNs, so that what nothing wrote shows where checks are off.
            NativeMemory.Fill(Data, (nuint)bytes, 0xFF);
            Shadow = hasShadow ? new Shadow(bytes) : null;
        }

        public Allocation(byte* host, long bytes)
        {
            Bytes = bytes;
            Data = host;
        }

        /// <summary>Whether it is the device's, and not the host's.</summary>
        public bool IsOwn { get; }

        public long Bytes { get; }

        public byte* Data { get; private set; }

        public Shadow? Shadow { get; }

        public void Dispose()
        {
            if (IsOwn)
                NativeMemory.AlignedFree(Data);
            Data = null;
        }
    }
}
