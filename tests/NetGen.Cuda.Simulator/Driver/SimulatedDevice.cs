namespace NetGen.Cuda.Simulator.Driver;

/// <summary>A card, as the driver tells of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Major">Of its compute capability.</param>
/// <param name="Minor">Of its compute capability.</param>
/// <param name="Memory">Bytes of global memory.</param>
/// <param name="Multiprocessors">How many it has.</param>
public sealed record SimulatedDevice(
    string Name = "Simulated GPU", int Major = 8, int Minor = 0, long Memory = 1L << 31, int Multiprocessors = 108)
{
    /// <summary>What the driver says of an attribute, by the driver's number.</summary>
    internal int Attribute(int attribute) => attribute switch
    {
        1 => 1024, // threads of a block
        2 or 3 => 1024, // threads along x and y
        4 => 64, // threads along z
        5 => int.MaxValue, // blocks along x
        6 or 7 => 65535, // blocks along y and z
        8 => 49152, // shared memory of a block that asks for no more
        10 => 32, // lanes of a warp
        12 => 65536, // registers of a block
        13 => 1_400_000, // clock in kHz
        16 => Multiprocessors,
        18 => 0, // shares memory with the host
        19 => 1, // can map memory of the host
        31 => 1, // kernels side by side
        36 => 1_200_000, // clock of the memory in kHz
        37 => 5120, // bits of the memory's bus
        38 => 40 << 20, // bytes of L2
        39 => 2048, // threads of a multiprocessor
        40 => 3, // engines for copies
        41 => 1, // one address space
        75 => Major,
        76 => Minor,
        81 => 233472, // shared memory of a multiprocessor
        95 => 1, // cooperative launches
        97 => Machine.LaunchShape.SharedLimit,
        115 => 1, // pools of memory
        _ => throw new CudaFailure(CudaResult.InvalidValue, $"the attribute {attribute} is not simulated"),
    };
}

/// <summary>When what is in a stream is done.</summary>
public enum Eagerness
{
    /// <summary>As late as it may be: when somebody waits for it, and no more than that needs.</summary>
    Late,

    /// <summary>At once.</summary>
    AtOnce,

    /// <summary>Some of it at each call, by chance.</summary>
    ByChance,
}

/// <summary>How a simulated driver behaves.</summary>
public sealed class DriverOptions
{
    /// <summary>The cards of the machine.</summary>
    public IReadOnlyList<SimulatedDevice> Devices { get; init; } = [new SimulatedDevice()];

    /// <summary>The newest version of CUDA that it serves: 1000 · major + 10 · minor.</summary>
    public int Version { get; init; } = 12080;

    /// <summary>When work is done.</summary>
    public Eagerness Eagerness { get; init; } = Eagerness.Late;

    /// <summary>The order of blocks, warps and streams.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Whether reads before writes and races are found.</summary>
    public bool HasChecks { get; init; } = true;

    /// <summary>Entry points that this driver, an old one, does not have.</summary>
    public IReadOnlySet<string> Missing { get; init; } = new HashSet<string>();

    /// <summary>
    /// Asked before each call with the entry point's name and how often it was called before: an answer that is not null is given instead
    /// of doing anything, so that tests can let any call fail. A launch that fails in this way with <see cref="CudaResult.LaunchFailed"/>
    /// loses the context, as a real one does.
    /// </summary>
    public Func<string, int, CudaResult?>? Intercept { get; init; }
}
