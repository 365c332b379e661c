namespace NetGen.Cuda.Simulator.Ptx;

/// <summary>What the bits of a register or an instruction's operand are.</summary>
internal enum PtxKind
{
    Bits,
    Unsigned,
    Signed,
    Float,
    Predicate,
}

/// <summary>A type as PTX spells it, such as <c>.u32</c>.</summary>
/// <param name="Name">Without the dot.</param>
/// <param name="Bytes">Its size; 0 of a predicate.</param>
internal sealed record PtxType(string Name, PtxKind Kind, int Bytes)
{
    private static readonly Dictionary<string, PtxType> s_byName = new PtxType[]
    {
        new("b8", PtxKind.Bits, 1), new("b16", PtxKind.Bits, 2), new("b32", PtxKind.Bits, 4), new("b64", PtxKind.Bits, 8),
        new("u8", PtxKind.Unsigned, 1), new("u16", PtxKind.Unsigned, 2), new("u32", PtxKind.Unsigned, 4), new("u64", PtxKind.Unsigned, 8),
        new("s8", PtxKind.Signed, 1), new("s16", PtxKind.Signed, 2), new("s32", PtxKind.Signed, 4), new("s64", PtxKind.Signed, 8),
        new("f16", PtxKind.Float, 2), new("f32", PtxKind.Float, 4), new("f64", PtxKind.Float, 8), new("pred", PtxKind.Predicate, 0),
    }.ToDictionary(type => type.Name);

    public static PtxType B16 { get; } = s_byName["b16"];
    public static PtxType B32 { get; } = s_byName["b32"];
    public static PtxType U32 { get; } = s_byName["u32"];
    public static PtxType F32 { get; } = s_byName["f32"];
    public static PtxType Predicate { get; } = s_byName["pred"];

    public static PtxType? Find(string name) => s_byName.GetValueOrDefault(name);

    public bool IsFloat => Kind == PtxKind.Float;

    public bool IsSigned => Kind == PtxKind.Signed;

    /// <summary>
    /// Whether a register of this type may be an operand of an instruction of the other one: of equal size, and both integers, or both
    /// floats, or one of them plain bits.
    /// </summary>
    public bool Serves(PtxType wanted) => Bytes == wanted.Bytes && HasKindFor(wanted);

    /// <summary>The same where the register may be wider, as that of a load, a store or a conversion may.</summary>
    public bool ServesWider(PtxType wanted) => Bytes >= wanted.Bytes && HasKindFor(wanted) && (Bytes == wanted.Bytes || !wanted.IsFloat);

    private bool HasKindFor(PtxType wanted) => Kind == PtxKind.Predicate || wanted.Kind == PtxKind.Predicate
        ? Kind == wanted.Kind
        : Kind == PtxKind.Bits || wanted.Kind == PtxKind.Bits || IsFloat == wanted.IsFloat;

    public override string ToString() => "." + Name;
}
