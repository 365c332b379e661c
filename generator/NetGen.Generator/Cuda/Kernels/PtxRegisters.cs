namespace NetGen.Generator.Cuda.Kernels;

/// <summary>
/// An operand of PTX. Each class of register has a type of its own, so that what the assembler would refuse, the compiler does: half of
/// the mistakes one makes in PTX are of type. The text is the register's name, or a number.
/// </summary>
internal abstract record PtxOperand(string Text)
{
    public sealed override string ToString() => Text;
}

/// <summary>A float32.</summary>
internal sealed record PtxFloat(string Text) : PtxOperand(Text);

/// <summary>A float64: for what few threads compute.</summary>
internal sealed record PtxDouble(string Text) : PtxOperand(Text);

/// <summary>32 bits: an index, a count, or the bits of a number.</summary>
internal sealed record PtxInt(string Text) : PtxOperand(Text);

/// <summary>An address of global memory, or a distance in bytes.</summary>
internal sealed record PtxLong(string Text) : PtxOperand(Text);

/// <summary>Whether something holds for a thread.</summary>
internal sealed record PtxPredicate(string Text) : PtxOperand(Text);
