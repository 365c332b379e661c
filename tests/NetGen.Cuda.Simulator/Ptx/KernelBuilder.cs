using NetGen.Cuda.Simulator.Instructions;

namespace NetGen.Cuda.Simulator.Ptx;

/// <summary>A register: where a warp's 32 values of it lie, and its number among those whose use before a value is an error.</summary>
internal sealed record PtxRegister(PtxType Type, int Place, int Number);

/// <summary>Names, places and instructions of a kernel while it is read.</summary>
internal sealed class KernelBuilder(PtxKernel kernel, PtxText source, IReadOnlyDictionary<string, PtxArray> moduleArrays)
{
    /// <summary>What a kernel may declare; more is asked for at the launch.</summary>
    private const int StaticSharedLimit = 49152;

    private static readonly HashSet<string> s_specialRegisters =
    [
        "%tid.x", "%tid.y", "%tid.z", "%ntid.x", "%ntid.y", "%ntid.z", "%ctaid.x", "%ctaid.y", "%ctaid.z",
        "%nctaid.x", "%nctaid.y", "%nctaid.z", "%laneid", "%warpid", "%lanemask_eq", "%lanemask_lt", "%lanemask_le",
        "%lanemask_gt", "%lanemask_ge",
    ];

    private static readonly string[] s_reservedNames =
    [
        "%tid", "%ntid", "%laneid", "%warpid", "%nwarpid", "%ctaid", "%nctaid", "%smid", "%nsmid", "%gridid", "%clock", "%clock_hi",
        "%clock64", "%globaltimer", "%lanemask_eq", "%lanemask_lt", "%lanemask_le", "%lanemask_gt", "%lanemask_ge", "WARP_SZ",
    ];

    private readonly Stack<Dictionary<string, PtxRegister>> _scopes = new();
    private readonly Dictionary<string, PtxArray> _arrays = [];
    private readonly Dictionary<string, int> _labels = [];
    private readonly List<(Branch Branch, string Label, int Line)> _branches = [];
    private readonly List<Instruction> _instructions = [];
    private readonly Dictionary<(ulong Bits, int Bytes), int> _immediates = [];
    private readonly Dictionary<string, int> _special = [];
    private int _registerBytes, _registers, _predicates, _sharedBytes;

    public PtxKernel Kernel => kernel;

    public void OpenScope() => _scopes.Push([]);

    public void CloseScope() => _scopes.Pop();

    public void Declare(string name, PtxType type, int line)
    {
        if (s_reservedNames.Contains(name) || s_specialRegisters.Contains(name))
            throw source.Error(line, $"'{name}' is the name of a special register");
        if (name.Contains('.'))
            throw source.Error(line, $"'{name}' is no name of a register: it has a dot");
        PtxRegister register = type.Kind == PtxKind.Predicate
            ? new PtxRegister(type, _predicates++, _registers++)
            : new PtxRegister(type, NewPlace(type.Bytes), _registers++);
        if (!_scopes.Peek().TryAdd(name, register) || moduleArrays.ContainsKey(name) || _arrays.ContainsKey(name))
            throw source.Error(line, $"'{name}' is declared twice");
    }

    public void Declare(PtxArray array, int line)
    {
        if (FindRegister(array.Name) is not null || !_arrays.TryAdd(array.Name, Place(array)))
            throw source.Error(line, $"'{array.Name}' is declared twice");
    }

    private PtxArray Place(PtxArray array)
    {
        _sharedBytes = (_sharedBytes + array.Alignment - 1) / array.Alignment * array.Alignment;
        PtxArray placed = array with { Offset = _sharedBytes };
        _sharedBytes += array.Bytes;
        return placed;
    }

    public void AddLabel(string name, int line)
    {
        if (!_labels.TryAdd(name, _instructions.Count))
            throw source.Error(line, $"the label '{name}' is there twice");
    }

    public void Add(NameSyntax? guard, Opcode opcode, IReadOnlyList<OperandSyntax> operands, int line)
    {
        var read = new Operands(this, opcode, operands, line);
        if (guard is not null)
            read.Guard(guard);
        Instruction instruction = Decoder.Decode(opcode, read);
        opcode.End();
        read.End();
        instruction.Place(line, source.Line(line).Trim(), read);
        _instructions.Add(instruction);
    }

    public void Finish(int line)
    {
        // Behind the last instruction a kernel ends as if by ret; the assembler sees to that too.
        _instructions.Add(new Exit());
        _instructions[^1].PlaceAtEnd(line);
        foreach ((Branch branch, string label, int branchLine) in _branches)
        {
            branch.Target = _labels.TryGetValue(label, out int target)
                ? target : throw source.Error(branchLine, $"there is no label '{label}' in '{kernel.Name}'");
        }
        if (_sharedBytes > StaticSharedLimit)
            throw source.Error(line, $"'{kernel.Name}' declares {_sharedBytes} bytes of shared memory, and {StaticSharedLimit} is the most "
                + "(more is an array without a size, for which the launch says how much)");
        kernel.Instructions = [.. _instructions];
        kernel.RegisterBytes = _registerBytes;
        kernel.RegisterCount = _registers;
        kernel.PredicateCount = _predicates;
        kernel.SharedBytes = _sharedBytes;
        kernel.SpecialRegisters = _special;
        kernel.Immediates = [.. _immediates.Select(entry => (entry.Value, entry.Key.Bytes, entry.Key.Bits))];
    }

    public void AddBranch(Branch branch, string label, int line) => _branches.Add((branch, label, line));

    public PtxRegister? FindRegister(string name)
    {
        foreach (Dictionary<string, PtxRegister> scope in _scopes)
        {
            if (scope.TryGetValue(name, out PtxRegister? register))
                return register;
        }
        return null;
    }

    /// <summary>An array of the kernel or the module; one of the module's in shared memory gets its place at its first use.</summary>
    public PtxArray? FindArray(string name)
    {
        if (_arrays.TryGetValue(name, out PtxArray? array))
            return array;
        if (!moduleArrays.TryGetValue(name, out array) || array.Space != "shared")
            return array;
        if (array.IsDynamic)
        {
            kernel.HasDynamicShared = true;
            return array;
        }
        return _arrays[name] = Place(array);
    }

    public static bool IsSpecialRegister(string name) => s_specialRegisters.Contains(name);

    /// <summary>Where a special register's values lie.</summary>
    public int SpecialPlace(string name)
    {
        if (!_special.TryGetValue(name, out int place))
            _special[name] = place = NewPlace(4);
        return place;
    }

    /// <summary>Where a number of the text lies, once for each lane, so that instructions read it as they read registers.</summary>
    public int ImmediatePlace(ulong bits, int bytes)
    {
        bytes = Math.Max(4, bytes);
        if (bytes == 4)
            bits = (uint)bits;
        if (!_immediates.TryGetValue((bits, bytes), out int place))
            _immediates[(bits, bytes)] = place = NewPlace(bytes);
        return place;
    }

    /// <summary>Registers of 16 bits lie in 32.</summary>
    private int NewPlace(int bytes)
    {
        int place = _registerBytes;
        _registerBytes += 32 * Math.Max(4, bytes);
        return place;
    }
}
