namespace NetGen.Cuda.Simulator.Ptx;

/// <summary>An instruction's operands, looked up and checked one by one, with a note of what is read and written.</summary>
internal sealed class Operands(KernelBuilder kernel, Opcode opcode, IReadOnlyList<OperandSyntax> list, int line)
{
    private readonly bool[] _taken = new bool[list.Count];

    public List<int> Reads { get; } = [];

    public List<int> Writes { get; } = [];

    /// <summary>The predicate that the instruction depends on; −1 without one.</summary>
    public int GuardPlace { get; private set; } = -1;

    public bool IsGuardNegated { get; private set; }

    public int Count => list.Count;

    public int Line => line;

    public KernelBuilder Kernel => kernel;

    public void Guard(NameSyntax guard)
    {
        GuardPlace = PredicateOf(guard.Name, Reads);
        IsGuardNegated = guard.IsNegated;
    }

    /// <summary>Checks that there are so many operands.</summary>
    public void Expect(int count) => Expect(count, count);

    public void Expect(int least, int most)
    {
        if (list.Count < least || list.Count > most)
        {
            string wanted = least == most ? $"{least}" : $"{least} to {most}";
            throw Error($"{wanted} operands are expected, and there are {list.Count}");
        }
    }

    public void End()
    {
        int left = _taken.AsSpan().IndexOf(false);
        if (left >= 0)
            throw Error($"the operand {list[left]} is one too many");
    }

    /// <summary>A register that gets a result.</summary>
    public int Target(int index, PtxType type, bool mayBeWider = false) => TargetOf(Take(index), type, mayBeWider);

    public int[] Targets(int index, PtxType type, int count, bool mayBeWider = false) =>
        [.. Elements(index, count).Select(element => TargetOf(element, type, mayBeWider))];

    /// <summary>A register, a special register or a number that is read.</summary>
    public int Source(int index, PtxType type, bool mayBeWider = false) => SourceOf(Take(index), type, mayBeWider);

    public int[] Sources(int index, PtxType type, int count, bool mayBeWider = false) =>
        [.. Elements(index, count).Select(element => SourceOf(element, type, mayBeWider))];

    /// <summary>How many elements an operand in braces has; without braces 0.</summary>
    public int VectorLength(int index) => list[index] is VectorSyntax vector ? vector.Elements.Count : 0;

    /// <summary>How many bytes each lane of an operand has: those of its register, or the type's for a number; 4 at least.</summary>
    public int LaneBytes(int index, PtxType type)
    {
        IReadOnlyList<OperandSyntax> elements = list[index] is VectorSyntax vector ? vector.Elements : [list[index]];
        int[] bytes = [.. elements.Select(element => Math.Max(4,
            element is NameSyntax name && kernel.FindRegister(name.Name) is { } register ? register.Type.Bytes : type.Bytes)).Distinct()];
        return bytes.Length == 1 ? bytes[0] : throw Error($"the registers of {list[index]} differ in size");
    }

    public int PredicateTarget(int index) => Take(index) is NameSyntax { IsNegated: false } name
        ? PredicateOf(name.Name, Writes)
        : throw Error($"a predicate is expected where {list[index]} stands");

    /// <summary>A predicate with <c>!</c> or without.</summary>
    public (int Place, bool IsNegated) Predicate(int index) => Take(index) is NameSyntax name
        ? (PredicateOf(name.Name, Reads), name.IsNegated)
        : throw Error($"a predicate is expected where {list[index]} stands");

    /// <summary>One result or <c>p|q</c>; without a second one −1.</summary>
    public (int First, int Second) PredicateTargets(int index) => Take(index) switch
    {
        PairSyntax pair => (PredicateOf(pair.First, Writes), PredicateOf(pair.Second, Writes)),
        NameSyntax { IsNegated: false } name => (PredicateOf(name.Name, Writes), -1),
        var other => throw Error($"a predicate is expected where {other} stands"),
    };

    /// <summary>A register, or a register and a predicate, as of <c>shfl.sync</c>.</summary>
    public (int Target, int Predicate) TargetAndPredicate(int index, PtxType type) => Take(index) switch
    {
        PairSyntax pair => (TargetOf(new NameSyntax(pair.First, false), type, false), PredicateOf(pair.Second, Writes)),
        var other => (TargetOf(other, type, false), -1),
    };

    /// <summary>A whole number that is part of the text.</summary>
    public long Immediate(int index) => Take(index) is IntegerSyntax number
        ? (long)number.Bits
        : throw Error($"a whole number is expected where {list[index]} stands");

    public bool IsImmediate(int index) => list[index] is IntegerSyntax;

    public string Label(int index) => Take(index) is NameSyntax { IsNegated: false } name
        ? name.Name : throw Error($"a label is expected where {list[index]} stands");

    /// <summary>The array whose address is moved, if the operand is one.</summary>
    public PtxArray? AddressedArray(int index)
    {
        if (list[index] is not NameSyntax { IsNegated: false } name || kernel.FindArray(name.Name) is not { } array)
            return null;
        _taken[index] = true;
        return array;
    }

    public MemoryOperand Address(int index, MemorySpace space)
    {
        if (Take(index) is not AddressSyntax address)
            throw Error($"an address in brackets is expected where {list[index]} stands");
        if (address.Base is null)
            throw Error("an address without a register or an array is not simulated");
        if (kernel.FindRegister(address.Base) is { } register)
        {
            bool mayBeNarrow = space is MemorySpace.Shared or MemorySpace.Constant;
            if (register.Type.IsFloat || !(register.Type.Bytes == 8 || (mayBeNarrow && register.Type.Bytes == 4)))
                throw Error($"{address.Base} is {register.Type}, and an address of this memory has {(mayBeNarrow ? "32 or " : "")}64 bits");
            Reads.Add(register.Number);
            return new MemoryOperand(space, register.Place, register.Type.Bytes == 8, address.Offset, FromDynamic: false);
        }
        if (space == MemorySpace.Parameter)
        {
            PtxParameter parameter = kernel.Kernel.Parameters.FirstOrDefault(p => p.Name == address.Base)
                ?? throw Error($"'{kernel.Kernel.Name}' has no parameter '{address.Base}'");
            return new MemoryOperand(space, -1, false, parameter.Offset + address.Offset, FromDynamic: false);
        }
        PtxArray array = kernel.FindArray(address.Base) ?? throw Error($"'{address.Base}' is neither a register nor an array");
        if (array.Space != (space == MemorySpace.Constant ? "const" : space == MemorySpace.Shared ? "shared" : ""))
            throw Error($"'{address.Base}' lies in .{array.Space} memory");
        return new MemoryOperand(space, kernel.ImmediatePlace(0, 4), false, array.Offset + address.Offset, array.IsDynamic);
    }

    public PtxException Error(string reason) => opcode.Error(reason);

    private OperandSyntax Take(int index)
    {
        _taken[index] = true;
        return list[index];
    }

    private IReadOnlyList<OperandSyntax> Elements(int index, int count)
    {
        OperandSyntax operand = Take(index);
        IReadOnlyList<OperandSyntax> elements = operand is VectorSyntax vector ? vector.Elements : [operand];
        if (elements.Count != count || (count > 1 && operand is not VectorSyntax))
            throw Error($"{count} values in braces are expected where {operand} stands");
        return elements;
    }

    private int TargetOf(OperandSyntax operand, PtxType type, bool mayBeWider)
    {
        if (operand is not NameSyntax { IsNegated: false } name || kernel.FindRegister(name.Name) is not { } register)
            throw Error($"a register is expected where {operand} stands");
        CheckType(name.Name, register.Type, type, mayBeWider);
        Writes.Add(register.Number);
        return register.Place;
    }

    private int SourceOf(OperandSyntax operand, PtxType type, bool mayBeWider)
    {
        switch (operand)
        {
            case NameSyntax { IsNegated: false } name when kernel.FindRegister(name.Name) is { } register:
                CheckType(name.Name, register.Type, type, mayBeWider);
                Reads.Add(register.Number);
                return register.Place;
            case NameSyntax { IsNegated: false } name when KernelBuilder.IsSpecialRegister(name.Name):
                if (opcode.Name is not ("mov" or "cvt"))
                    throw Error($"the special register {name.Name} can be moved and converted only");
                CheckType(name.Name, PtxType.U32, type, mayBeWider: false);
                return kernel.SpecialPlace(name.Name);
            case NameSyntax { IsNegated: false } name when kernel.FindArray(name.Name) is not null:
                throw Error($"'{name.Name}' is an array; its address can be moved to a register and be in brackets, nothing else");
            case NameSyntax { IsNegated: false } name when name.Name.StartsWith('%'):
                throw Error($"there is no register {name.Name}");
            case FloatSyntax number when type.Kind is PtxKind.Float or PtxKind.Bits && number.Bytes == type.Bytes:
                return kernel.ImmediatePlace(number.Bits, type.Bytes);
            case IntegerSyntax number when type.Kind != PtxKind.Float && number.Fits(type.Bytes):
                return kernel.ImmediatePlace(number.Bits & (type.Bytes == 2 ? 0xFFFFUL : ulong.MaxValue), type.Bytes);
            default:
                throw Error($"{operand} is no {type}");
        }
    }

    private void CheckType(string name, PtxType type, PtxType wanted, bool mayBeWider)
    {
        if (!(mayBeWider ? type.ServesWider(wanted) : type.Serves(wanted)))
            throw Error($"{name} is {type}, and {wanted} is expected");
    }

    private int PredicateOf(string name, List<int> uses)
    {
        if (kernel.FindRegister(name) is not { Type.Kind: PtxKind.Predicate } register)
            throw Error($"{name} is no predicate");
        uses.Add(register.Number);
        return register.Place;
    }
}
