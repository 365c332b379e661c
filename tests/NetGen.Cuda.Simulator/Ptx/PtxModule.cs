using NetGen.Cuda.Simulator.Instructions;

namespace NetGen.Cuda.Simulator.Ptx;

/// <summary>A module: kernels and constant memory.</summary>
public sealed class PtxModule
{
    private readonly Dictionary<string, PtxKernel> _kernels = [];

    internal PtxModule()
    {
    }

    /// <summary>Kernels by name.</summary>
    public IReadOnlyDictionary<string, PtxKernel> Kernels => _kernels;

    /// <summary>The language's version, e.g. 7.8.</summary>
    public Version Version { get; internal set; } = new();

    /// <summary>The oldest architecture that it is for, e.g. 80 for <c>sm_80</c>.</summary>
    public int Target { get; internal set; }

    /// <summary>The contents of constant memory.</summary>
    internal byte[] Constants { get; set; } = [];

    /// <summary>Reads a module's text.</summary>
    /// <exception cref="PtxException">The assembler would refuse the text, or this machine does not simulate it.</exception>
    public static PtxModule Parse(string text) => new PtxParser(text).ReadModule();

    internal bool Add(PtxKernel kernel) => _kernels.TryAdd(kernel.Name, kernel);
}

/// <summary>A parameter of a kernel.</summary>
/// <param name="Name">As the text has it.</param>
/// <param name="Offset">Where it begins among the kernel's parameters, in bytes.</param>
/// <param name="Bytes">Its size.</param>
public sealed record PtxParameter(string Name, int Offset, int Bytes);

/// <summary>A kernel, decoded.</summary>
public sealed class PtxKernel
{
    internal PtxKernel(string name, PtxModule module)
    {
        Name = name;
        Module = module;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The module it is of.</summary>
    public PtxModule Module { get; }

    /// <summary>Its parameters in order.</summary>
    public IReadOnlyList<PtxParameter> Parameters { get; internal set; } = [];

    /// <summary>The size of all parameters with the gaps between them.</summary>
    public int ParameterBytes { get; internal set; }

    /// <summary>The most threads of a block.</summary>
    public int MaxThreads { get; internal set; } = 1024;

    /// <summary>The exact threads of a block along x, y and z, where <c>.reqntid</c> says them.</summary>
    public (int X, int Y, int Z)? RequiredThreads { get; internal set; }

    /// <summary>Shared memory that the text declares.</summary>
    public int SharedBytes { get; internal set; }

    /// <summary>Whether it has an array whose size the launch decides.</summary>
    public bool HasDynamicShared { get; internal set; }

    internal Instruction[] Instructions { get; set; } = [];

    /// <summary>The size of a warp's registers, immediate numbers among them.</summary>
    internal int RegisterBytes { get; set; }

    internal int RegisterCount { get; set; }

    internal int PredicateCount { get; set; }

    /// <summary>Places that hold numbers of the text.</summary>
    internal IReadOnlyList<(int Place, int Bytes, ulong Bits)> Immediates { get; set; } = [];

    /// <summary>Places that hold special registers.</summary>
    internal IReadOnlyDictionary<string, int> SpecialRegisters { get; set; } = new Dictionary<string, int>();
}
