namespace NetGen.Cuda.Simulator.Ptx;

/// <summary>An operand as it is written, before names are looked up.</summary>
internal abstract record OperandSyntax;

/// <summary>A register, a special register, an array or a label, with <c>!</c> before it or not.</summary>
internal sealed record NameSyntax(string Name, bool IsNegated) : OperandSyntax
{
    public override string ToString() => (IsNegated ? "!" : "") + Name;
}

/// <summary>A whole number; a negative one is there as its two's complement.</summary>
internal sealed record IntegerSyntax(ulong Bits, bool IsNegative) : OperandSyntax
{
    /// <summary>Whether it can be written as a number of so many bits, of either sign.</summary>
    public bool Fits(int bytes) => bytes == 8
        || (IsNegative ? (long)Bits >= -(1L << (8 * bytes - 1)) : Bits < 1UL << (8 * bytes));

    public override string ToString() => IsNegative ? $"{(long)Bits}" : $"{Bits}";
}

/// <summary><c>0f</c> or <c>0d</c> and the number's bits.</summary>
internal sealed record FloatSyntax(ulong Bits, int Bytes) : OperandSyntax
{
    public override string ToString() => Bytes == 4 ? $"0f{Bits:X8}" : $"0d{Bits:X16}";
}

/// <summary><c>{a, b}</c>.</summary>
internal sealed record VectorSyntax(IReadOnlyList<OperandSyntax> Elements) : OperandSyntax
{
    public override string ToString() => "{" + string.Join(", ", Elements) + "}";
}

/// <summary><c>[base + offset]</c>; without a name the offset is the address.</summary>
internal sealed record AddressSyntax(string? Base, long Offset) : OperandSyntax
{
    public override string ToString() => $"[{Base}+{Offset}]";
}

/// <summary><c>p|q</c>: two results.</summary>
internal sealed record PairSyntax(string First, string Second) : OperandSyntax
{
    public override string ToString() => $"{First}|{Second}";
}
