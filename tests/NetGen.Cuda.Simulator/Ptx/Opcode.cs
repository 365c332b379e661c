namespace NetGen.Cuda.Simulator.Ptx;

/// <summary>
/// An instruction's name and modifiers, taken from left to right. What nobody has taken when the instruction is complete is refused, so
/// that no modifier is ever ignored.
/// </summary>
internal sealed class Opcode(string text, PtxText source, int line)
{
    private readonly string[] _parts = text.Split('.');
    private int _next = 1;

    public string Name => _parts[0];

    /// <summary>The next modifier, or an empty text.</summary>
    public string Next => _next < _parts.Length ? _parts[_next] : "";

    /// <summary>Takes the next modifier if it is this one.</summary>
    public bool Has(string modifier)
    {
        if (Next != modifier)
            return false;
        _next++;
        return true;
    }

    /// <summary>Takes the next modifier, which must be this one.</summary>
    public void Expect(string modifier)
    {
        if (!Has(modifier))
            throw Error($"'.{modifier}' is expected where {NextName} stands");
    }

    /// <summary>Takes the next modifier, which must be one of these.</summary>
    public string OneOf(params ReadOnlySpan<string> modifiers)
    {
        foreach (string modifier in modifiers)
        {
            if (Has(modifier))
                return modifier;
        }
        throw Error($"one of .{string.Join(", .", modifiers)} is expected where {NextName} stands");
    }

    /// <summary>Takes a type.</summary>
    public PtxType Type()
    {
        PtxType type = PtxType.Find(Next) ?? throw Error($"a type is expected where {NextName} stands");
        _next++;
        return type;
    }

    /// <summary>Takes the last modifier, a type that the instruction exists for.</summary>
    public PtxType Type(params ReadOnlySpan<string> types)
    {
        foreach (string type in types)
        {
            if (Has(type))
                return PtxType.Find(type)!;
        }
        throw Error($"one of the types .{string.Join(", .", types)} is expected where {NextName} stands");
    }

    /// <summary>Checks that nothing is left.</summary>
    public void End()
    {
        if (_next < _parts.Length)
            throw Error($"'{Name}' has no modifier '.{Next}' in this place, or this machine does not simulate it");
    }

    /// <summary>A modifier that changes results in a way that PTX leaves open.</summary>
    public void RefuseInexact()
    {
        if (Next is "approx" or "full" or "ftz")
            throw Error($"the result of '.{Next}' is not that of IEEE 754; use the form with '.rn' and without '.ftz'");
    }

    public PtxException Error(string reason) => source.Error(line, $"{text}: {reason}");

    private string NextName => Next.Length == 0 ? "the end" : $"'.{Next}'";

    public override string ToString() => text;
}
