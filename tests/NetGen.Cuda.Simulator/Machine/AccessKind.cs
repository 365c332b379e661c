namespace NetGen.Cuda.Simulator.Machine;

/// <summary>How memory is accessed.</summary>
internal enum AccessKind
{
    Read,

    /// <summary>A read through the path of what does not change while the kernel runs.</summary>
    ReadConstant,

    Write,

    Atomic,

    /// <summary>The place of an asynchronous copy, which is nobody's until it has arrived.</summary>
    StartCopy,
}
