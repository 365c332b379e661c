using NetGen.Cuda.Simulator.Ptx;

namespace NetGen.Cuda.Simulator.Machine;

/// <summary>
/// A GPU: memory, and kernels that run one behind the other, each block by block in an order that the seed decides. Every access is
/// checked; see <see cref="FaultKind"/> for the rules.
/// </summary>
public sealed unsafe class Gpu : IDisposable
{
    private readonly Random _random;

    /// <summary>The number of the last operation. The first one's is 2: 1 stands for all that was before the numbers began anew.</summary>
    private int _operations = Before;

    private const int Before = 1;

    /// <param name="seed">The order of blocks and warps.</param>
    /// <param name="hasChecks">Whether reads before writes and races are found; bounds and alignment always are.</param>
    /// <param name="capacity">Bytes of global memory.</param>
    public Gpu(int seed = 1, bool hasChecks = true, long capacity = 1L << 33)
    {
        _random = new Random(seed);
        HasChecks = hasChecks;
        Memory = new DeviceMemory { HasChecks = hasChecks, Capacity = capacity };
    }

    /// <summary>Whether reads before writes and races are found.</summary>
    public bool HasChecks { get; }

    /// <summary>Whether accesses are counted (<see cref="Statistics"/>).</summary>
    public bool Counts { get; init; } = true;

    /// <summary>The most instructions of all warps of a block, so that a kernel without end ends.</summary>
    public long InstructionLimit { get; init; } = 200_000_000;

    /// <summary>How many operations get numbers before the numbers begin anew.</summary>
    internal int OperationLimit { get; init; } = Stamp.LaunchLimit;

    internal DeviceMemory Memory { get; }

    /// <summary>Allocates global memory, in which nothing counts as written.</summary>
    /// <returns>The address, or 0 where not so much is free.</returns>
    public ulong Allocate(long bytes) => Memory.Allocate(bytes);

    /// <summary>Frees what was allocated at an address.</summary>
    /// <exception cref="ArgumentException">Nothing was.</exception>
    public void Free(ulong address)
    {
        if (!Memory.Free(address))
            throw new ArgumentException($"Nothing is allocated at {address:X}.", nameof(address));
    }

    /// <summary>Copies to global memory.</summary>
    /// <exception cref="KernelFaultException">The place is outside of every allocation.</exception>
    public void Write<T>(ulong address, ReadOnlySpan<T> values)
        where T : unmanaged => Copy(address, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values), NextOperation(), null);

    /// <summary>Allocates as much as some values take, and copies them there.</summary>
    /// <returns>The address.</returns>
    public ulong Upload<T>(T[] values)
        where T : unmanaged
    {
        ulong address = Allocate((long)values.Length * sizeof(T));
        Write<T>(address, values);
        return address;
    }

    /// <summary>Copies from global memory.</summary>
    /// <exception cref="KernelFaultException">The place is outside of every allocation, or something there was never written.</exception>
    public T[] Read<T>(ulong address, int count)
        where T : unmanaged
    {
        var values = new T[count];
        Copy(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()), address, NextOperation(), null);
        return values;
    }

    /// <summary>Runs a kernel to its end.</summary>
    /// <param name="arguments">
    /// One for each parameter, of its size: <c>ulong</c> for addresses, <c>int</c>, <c>uint</c>, <c>float</c>, <c>long</c>, <c>double</c>.
    /// </param>
    /// <exception cref="KernelFaultException">The kernel breaks a rule.</exception>
    public Statistics Run(PtxKernel kernel, LaunchShape shape, params ReadOnlySpan<object> arguments)
    {
        if (arguments.Length != kernel.Parameters.Count)
            throw new KernelFaultException(FaultKind.Launch, $"{kernel.Name} has {kernel.Parameters.Count} parameters, and "
                + $"{arguments.Length} arguments are given");
        var parameters = new byte[kernel.ParameterBytes];
        for (int i = 0; i < arguments.Length; i++)
        {
            byte[] bytes = arguments[i] switch
            {
                ulong value => BitConverter.GetBytes(value),
                long value => BitConverter.GetBytes(value),
                int value => BitConverter.GetBytes(value),
                uint value => BitConverter.GetBytes(value),
                float value => BitConverter.GetBytes(value),
                double value => BitConverter.GetBytes(value),
                var other => throw new KernelFaultException(FaultKind.Launch,
                    $"{kernel.Name}: {other.GetType().Name} is no type of a parameter"),
            };
            PtxParameter parameter = kernel.Parameters[i];
            if (bytes.Length != parameter.Bytes)
                throw new KernelFaultException(FaultKind.Launch,
                    $"{kernel.Name}: '{parameter.Name}' has {parameter.Bytes} bytes, and its argument {bytes.Length}");
            bytes.CopyTo(parameters, parameter.Offset);
        }
        return Run(new Launch(kernel, shape, parameters, NextOperation()));
    }

    internal Statistics Run(Launch launch)
    {
        launch.Shape.Check(launch.Kernel);
        var statistics = new Statistics();
        (int columns, int rows, int layers) = launch.Shape.Grid;
        var order = new int[(long)columns * rows * layers];
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
        _random.Shuffle(order);
        fixed (byte* parameters = launch.Parameters.Length > 0 ? launch.Parameters : new byte[1])
        {
            using var block = new Block(this, launch, statistics, parameters);
            foreach (int number in order)
                block.Run((number % columns, number / columns % rows, number / columns / rows), number, _random);
        }
        return statistics;
    }

    /// <summary>The number of the next operation: a launch or a copy.</summary>
    internal int NextOperation()
    {
        if (_operations == OperationLimit)
        {
            Memory.Renumber(Stamp.Create(Before, 0, 0, 0, 0));
            _operations = Before;
        }
        return ++_operations;
    }

    internal void Copy(ulong to, ReadOnlySpan<byte> from, int operation, ILaunchOrder? order) =>
        from.CopyTo(new Span<byte>(AccessOfHost(to, from.Length, AccessKind.Write, operation, order), from.Length));

    internal void Copy(Span<byte> to, ulong from, int operation, ILaunchOrder? order) =>
        new ReadOnlySpan<byte>(AccessOfHost(from, to.Length, AccessKind.Read, operation, order), to.Length).CopyTo(to);

    internal void Fill(ulong to, uint value, long count, int operation, ILaunchOrder? order) =>
        new Span<uint>(AccessOfHost(to, 4 * count, AccessKind.Write, operation, order), (int)count).Fill(value);

    private byte* AccessOfHost(ulong address, long bytes, AccessKind kind, int operation, ILaunchOrder? order)
    {
        if (bytes == 0)
            return null;
        try
        {
            return Memory.Access(address, bytes, kind, Stamp.Create(operation, 0, 0, 0, 0), order);
        }
        catch (KernelFault fault)
        {
            throw new KernelFaultException(fault.Kind, $"a copy of {bytes} bytes: {fault.Message}");
        }
    }

    /// <summary>Frees the memory of this process that stands for the device's.</summary>
    public void Dispose() => Memory.Dispose();
}
