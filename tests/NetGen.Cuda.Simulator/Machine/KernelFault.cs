namespace NetGen.Cuda.Simulator.Machine;

/// <summary>The rules that a kernel can break.</summary>
public enum FaultKind
{
    /// <summary>An access outside of every allocation, or of shared or constant memory.</summary>
    Bounds,

    /// <summary>An address that is no multiple of the size of its access.</summary>
    Alignment,

    /// <summary>A read of what nothing has written: memory, a register, or a copy that has not arrived.</summary>
    Uninitialized,

    /// <summary>Two accesses of one place, one of them a write, with nothing that orders them.</summary>
    Race,

    /// <summary>Threads that have to be together and are not.</summary>
    Divergence,

    /// <summary>A barrier that some threads never reach, or a kernel that does not end.</summary>
    Deadlock,

    /// <summary>A division by zero.</summary>
    Arithmetic,

    /// <summary>A launch that its kernel does not allow.</summary>
    Launch,

    /// <summary>A kernel that stops itself.</summary>
    Trap,
}

/// <summary>A rule that was broken, before it is known where.</summary>
internal sealed class KernelFault(FaultKind kind, string reason) : Exception(reason)
{
    public FaultKind Kind => kind;
}

/// <summary>A kernel broke a rule. Says which one, and the kernel, block, warp and instruction.</summary>
public sealed class KernelFaultException : Exception
{
    internal KernelFaultException(FaultKind kind, string message, int line = 0)
        : base(message)
    {
        Kind = kind;
        Line = line;
    }

    /// <summary>Which rule.</summary>
    public FaultKind Kind { get; }

    /// <summary>The line of the module's text, from 1; 0 where no instruction is at fault.</summary>
    public int Line { get; }
}
