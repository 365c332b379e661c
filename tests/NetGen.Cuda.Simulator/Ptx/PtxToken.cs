namespace NetGen.Cuda.Simulator.Ptx;

internal enum PtxTokenKind
{
    /// <summary>A name, a directive or an opcode with its modifiers: letters, digits, <c>_ $ % .</c>.</summary>
    Word,

    /// <summary>A number as it stands, without a sign.</summary>
    Number,

    /// <summary>One character.</summary>
    Sign,

    /// <summary>A quoted text, without its quotes.</summary>
    Quoted,

    End,
}

internal readonly record struct PtxToken(PtxTokenKind Kind, string Text, int Line)
{
    public bool Is(char sign) => Kind == PtxTokenKind.Sign && Text[0] == sign;

    public override string ToString() => Kind == PtxTokenKind.End ? "the end of the text" : $"'{Text}'";
}
