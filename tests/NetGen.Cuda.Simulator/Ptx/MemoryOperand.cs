namespace NetGen.Cuda.Simulator.Ptx;

/// <summary>What part of memory an address is of.</summary>
internal enum MemorySpace
{
    Generic,
    Global,
    Shared,
    Constant,
    Parameter,
}

/// <summary>An address: the base's place among the registers, and what is added to it.</summary>
/// <param name="IsWide">Whether the base has 64 bits.</param>
/// <param name="FromDynamic">Whether the offset counts from where the launch's own shared memory begins.</param>
internal readonly record struct MemoryOperand(MemorySpace Space, int Place, bool IsWide, long Offset, bool FromDynamic);
