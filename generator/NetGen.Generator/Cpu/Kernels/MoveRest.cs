namespace NetGen.Generator.Cpu.Kernels;

/// <summary>What becomes of the elements of an output to which nothing moves.</summary>
internal enum MoveRest
{
    /// <summary>They are zero: the movement makes the whole output.</summary>
    Clear,

    /// <summary>They are others' to write; what pads the output is zero.</summary>
    ClearPadding,

    /// <summary>They are others' to write, and so is what pads the output.</summary>
    Keep,
}
