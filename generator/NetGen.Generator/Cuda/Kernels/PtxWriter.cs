using System.Globalization;
using System.Text;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>
/// Writes one kernel as PTX. Every operation is a line and gives the register of its result, named after what it is, so that expressions
/// nest as they do in C# and the text can be read.
/// </summary>
/// <remarks>
/// Only instructions whose bits IEEE 754 decides are there: rounded to nearest, with subnormal numbers, and sums and products that the
/// assembler must not fuse. <c>MultiplyAdd</c> fuses because it says so. The exceptions are the products of matrices, whose order and
/// rounding of sums are the card's own.
/// </remarks>
internal sealed partial class PtxWriter(string name, string summary, int threads)
{
    private const string IndentStep = "    ";

    /// <summary>Names that PTX has itself.</summary>
    private static readonly HashSet<string> s_reserved = new(StringComparer.Ordinal)
    {
        "tid", "ntid", "laneid", "warpid", "nwarpid", "ctaid", "nctaid", "smid", "nsmid", "gridid", "clock", "clock_hi", "clock64",
        "globaltimer", "pm0",
    };

    private readonly StringBuilder _body = new();
    private readonly Dictionary<string, int> _used = new(StringComparer.Ordinal);
    private readonly List<string> _parameters = [];
    private readonly List<(string Type, List<string> Registers)> _declared = [];
    private readonly List<string> _shared = [];
    private string _indent = IndentStep;
    private int _labels;

    public string Name => name;

    public void Comment(string text)
    {
        foreach (string line in text.Split('\n'))
            _body.Append(_indent).Append("// ").Append(line).Append('\n');
    }

    /// <summary>An address that the kernel is given.</summary>
    public PtxLong Pointer(string parameter)
    {
        _parameters.Add($".param .u64 .ptr .global {parameter}");
        PtxLong generic = NewLong(parameter);
        Op($"ld.param.u64 {generic}, [{parameter}]");
        Op($"cvta.to.global.u64 {generic}, {generic}");
        return generic;
    }

    /// <summary>A number that the kernel is given.</summary>
    public PtxInt Count(string parameter)
    {
        _parameters.Add($".param .u32 {parameter}");
        PtxInt value = NewInt(parameter);
        Op($"ld.param.u32 {value}, [{parameter}]");
        return value;
    }

    /// <summary>An array that the threads of a block share; gives its address.</summary>
    public PtxInt Shared(string array, int floats)
    {
        _shared.Add($".shared .align 16 .b8 {array}[{Invariant.Text(4L * floats)}]");
        return Int("mov.u32", array + "At", new PtxInt(array));
    }

    /// <summary>The number of a thread in its block.</summary>
    public PtxInt Thread(string stem) => Int("mov.u32", stem, new PtxInt("%tid.x"));

    /// <summary>The number of a block.</summary>
    /// <param name="axis">x, y or z.</param>
    public PtxInt Block(string axis, string stem) => Int("mov.u32", stem, new PtxInt("%ctaid." + axis));

    /// <summary>The number of a thread among those of all blocks along x.</summary>
    public PtxInt ThreadOfGrid(string stem)
    {
        PtxInt block = NewInt("block"), thread = NewInt("thread");
        Op($"mov.u32 {block}, %ctaid.x");
        Op($"mov.u32 {thread}, %tid.x");
        return MultiplyAdd(block, Number(threads), thread, stem);
    }

    public static PtxFloat Number(float value) => new("0f" + Bits(value).ToString("X8", CultureInfo.InvariantCulture));

    public static PtxInt Number(int value) => new(Invariant.Text(value));

    public PtxFloat Add(PtxFloat a, PtxFloat b, string stem) => Float("add.rn.f32", stem, a, b);

    public PtxFloat Subtract(PtxFloat a, PtxFloat b, string stem) => Float("sub.rn.f32", stem, a, b);

    public PtxFloat Multiply(PtxFloat a, PtxFloat b, string stem) => Float("mul.rn.f32", stem, a, b);

    public PtxFloat Divide(PtxFloat a, PtxFloat b, string stem) => Float("div.rn.f32", stem, a, b);

    /// <summary>a · b + c, rounded once.</summary>
    public PtxFloat MultiplyAdd(PtxFloat a, PtxFloat b, PtxFloat c, string stem) => Float("fma.rn.f32", stem, a, b, c);

    public PtxFloat Negate(PtxFloat a, string stem) => Float("neg.f32", stem, a);

    public PtxFloat Absolute(PtxFloat a, string stem) => Float("abs.f32", stem, a);

    /// <summary>The magnitude of one number with the sign of another.</summary>
    public PtxFloat CopySign(PtxFloat sign, PtxFloat magnitude, string stem) => Float("copysign.f32", stem, sign, magnitude);

    public PtxFloat Select(PtxPredicate which, PtxFloat where, PtxFloat otherwise, string stem)
        => Float("selp.f32", stem, where, otherwise, which);

    /// <summary>The number that has these bits.</summary>
    public PtxFloat NumberOf(PtxInt bits, string stem) => Float("mov.b32", stem, bits);

    /// <summary>An integer with its sign as a number.</summary>
    public PtxFloat Convert(PtxInt value, string stem) => Float("cvt.rn.f32.s32", stem, value);

    public PtxInt BitsOf(PtxFloat number, string stem) => Int("mov.b32", stem, number);

    public PtxInt Add(PtxInt a, PtxInt b, string stem) => Int("add.s32", stem, a, b);

    public PtxInt Subtract(PtxInt a, PtxInt b, string stem) => Int("sub.s32", stem, a, b);

    public PtxInt MultiplyAdd(PtxInt a, PtxInt b, PtxInt c, string stem) => Int("mad.lo.s32", stem, a, b, c);

    public PtxInt ShiftLeft(PtxInt a, int count, string stem) => Int("shl.b32", stem, a, Number(count));

    public PtxInt Multiply(PtxInt a, PtxInt b, string stem) => Int("mul.lo.s32", stem, a, b);

    /// <summary>A quotient by a constant of a number that is not negative, and the rest.</summary>
    public (PtxInt Quotient, PtxInt Remainder) Divide(PtxInt a, int b, string quotient, string rest)
    {
        // The assembler makes a multiplication or a shift of it.
        PtxInt whole = Int("div.u32", quotient, a, Number(b));
        return (whole, Int("mad.lo.s32", rest, whole, Number(-b), a));
    }

    /// <summary>With copies of the sign.</summary>
    public PtxInt ShiftRight(PtxInt a, int count, string stem) => Int("shr.s32", stem, a, Number(count));

    /// <param name="relation">lt, le, gt, ge, eq: false where an operand is NaN.</param>
    public PtxPredicate Compare(string relation, PtxFloat a, PtxFloat b, string stem) => Predicate($"setp.{relation}.f32", stem, a, b);

    /// <param name="relation">lt, le, gt, ge, eq, ne, of numbers with a sign.</param>
    public PtxPredicate Compare(string relation, PtxInt a, PtxInt b, string stem) => Predicate($"setp.{relation}.s32", stem, a, b);

    /// <summary>Whether a number is from 0 to one less than a bound: a negative one is none.</summary>
    public PtxPredicate IsWithin(PtxInt a, int bound, string stem) => Predicate("setp.lt.u32", stem, a, Number(bound));

    public PtxPredicate And(PtxPredicate a, PtxPredicate b, string stem) => Predicate("and.pred", stem, a, b);

    public PtxPredicate Or(PtxPredicate a, PtxPredicate b, string stem) => Predicate("or.pred", stem, a, b);

    public PtxPredicate Not(PtxPredicate a, string stem) => Predicate("not.pred", stem, a);

    /// <summary>Where the element of an index lies, each of 4 bytes.</summary>
    public PtxLong ElementAddress(PtxLong start, PtxInt index, string stem)
    {
        PtxLong bytes = Long("mul.wide.s32", stem + "Bytes", index, Number(4));
        return Long("add.s64", stem, start, bytes);
    }

    /// <summary>Some bytes behind an address.</summary>
    public PtxLong Offset(PtxLong address, PtxInt bytes, string stem)
        => Long("add.s64", stem, address, Long("cvt.s64.s32", stem + "Bytes", bytes));

    public PtxFloat Load(PtxLong address, string stem)
    {
        PtxFloat value = NewFloat(stem);
        Op($"ld.global.f32 {value}, [{address}]");
        return value;
    }

    public void Store(PtxLong address, PtxFloat value) => Op($"st.global.f32 [{address}], {value}");

    /// <summary>The larger of two; the number where the other is NaN.</summary>
    public PtxFloat Maximum(PtxFloat a, PtxFloat b, string stem) => Float("max.f32", stem, a, b);

    /// <summary>The larger of two; NaN where one is.</summary>
    public PtxFloat MaximumOrNaN(PtxFloat a, PtxFloat b, string stem) => Float("max.NaN.f32", stem, a, b);

    /// <summary>
    /// Numbers behind one another where a condition holds, and zeros elsewhere. Their address is a multiple of their size.
    /// </summary>
    public PtxFloat[] LoadOrZero(PtxPredicate condition, PtxLong address, int count, string stem)
    {
        PtxFloat[] values = [.. Enumerable.Range(0, count).Select(_ => Float("mov.f32", stem, Number(0f)))];
        Op($"@{condition} ld.global{Vector(count)}.f32 {Text(values)}, [{address}]");
        return values;
    }

    /// <summary>Loads again into the same registers.</summary>
    public void Reload(PtxPredicate condition, PtxLong address, PtxFloat[] values)
    {
        foreach (PtxFloat value in values)
            Set(value, Number(0f));
        Op($"@{condition} ld.global{Vector(values.Length)}.f32 {Text(values)}, [{address}]");
    }

    public PtxFloat[] LoadShared(PtxInt address, int offset, int count, string stem)
    {
        PtxFloat[] values = [.. Enumerable.Range(0, count).Select(_ => NewFloat(stem))];
        Op($"ld.shared{Vector(count)}.f32 {Text(values)}, [{address}+{Invariant.Text(offset)}]");
        return values;
    }

    public void StoreShared(PtxInt address, int offset, params PtxFloat[] values)
        => Op($"st.shared{Vector(values.Length)}.f32 [{address}+{Invariant.Text(offset)}], {Text(values)}");

    /// <summary>Waits for all threads of the block.</summary>
    public void Barrier() => Op("bar.sync 0");

    /// <summary>A register that is given other values later.</summary>
    public PtxFloat Variable(PtxFloat value, string stem) => Float("mov.f32", stem, value);

    public void Set(PtxFloat variable, PtxFloat value) => Op($"mov.f32 {variable}, {value}");

    /// <summary>sum = a · b + sum, rounded once.</summary>
    public void Accumulate(PtxFloat sum, PtxFloat a, PtxFloat b) => Op($"fma.rn.f32 {sum}, {a}, {b}, {sum}");

    /// <summary>Steps of a count, from 0 while it is below a bound; at least one.</summary>
    public void Loop(string counter, PtxInt bound, int step, Action<PtxInt> body)
    {
        PtxInt count = Int("mov.u32", counter, Number(0));
        string label = $"LOOP_{Invariant.Text(++_labels)}";
        _body.Append(label).Append(":\n");
        Indented(() => body(count));
        Op($"add.s32 {count}, {count}, {Invariant.Text(step)}");
        PtxPredicate more = Compare("lt", count, bound, "more");
        Op($"@{more} bra {label}");
    }

    /// <summary>The value of the lane so many places on in the warp, of which all lanes take part.</summary>
    /// <param name="mode">bfly or down.</param>
    public PtxFloat Shuffle(string mode, PtxFloat value, int distance, string stem)
        => Float($"shfl.sync.{mode}.b32", stem, value, Number(distance), Number(31), Number(-1));

    /// <summary>Ends the threads for which something holds.</summary>
    public void ReturnIf(PtxPredicate condition) => Op($"@{condition} ret");

    /// <summary>What only the threads do for which something holds.</summary>
    public void If(PtxPredicate condition, Action body)
    {
        string label = $"END_{Invariant.Text(++_labels)}";
        Op($"@!{condition} bra {label}");
        Indented(body);
        _body.Append(label).Append(":\n");
    }

    private void Indented(Action body)
    {
        string before = _indent;
        _indent += IndentStep;
        body();
        _indent = before;
    }

    private static string Vector(int count) => count == 1 ? "" : ".v" + Invariant.Text(count);

    private static string Text(PtxFloat[] values)
        => values.Length == 1 ? values[0].Text : "{" + string.Join(", ", values.Select(value => value.Text)) + "}";

    /// <summary>The kernel's text.</summary>
    public string Render()
    {
        var text = new StringBuilder();
        foreach (string line in summary.Split('\n'))
            text.Append("// ").Append(line).Append('\n');
        text.Append($".visible .entry {name}(\n    ").Append(string.Join(",\n    ", _parameters)).Append("\n)\n");
        text.Append($".maxntid {Invariant.Text(threads)}, 1, 1\n{{\n");
        foreach ((string type, List<string> registers) in _declared)
        {
            // As many on a line as can be read.
            for (int i = 0; i < registers.Count; i += 10)
                text.Append($"    .reg .{type} ").Append(string.Join(", ", registers.Skip(i).Take(10))).Append(";\n");
        }
        foreach (string array in _shared)
            text.Append(IndentStep).Append(array).Append(";\n");
        return text.Append('\n').Append(_body).Append("    ret;\n}\n").ToString();
    }

    /// <summary>Kernels as a module: PTX 7.8, of CUDA 11.8, for every GPU from Ampere on.</summary>
    public static string Module(IEnumerable<string> kernels)
        => ".version 7.8\n.target sm_80\n.address_size 64\n\n" + string.Join("\n", kernels);

    private PtxFloat Float(string operation, string stem, params PtxOperand[] operands)
    {
        PtxFloat result = NewFloat(stem);
        Op(operation, result, operands);
        return result;
    }

    private PtxInt Int(string operation, string stem, params PtxOperand[] operands)
    {
        PtxInt result = NewInt(stem);
        Op(operation, result, operands);
        return result;
    }

    private PtxLong Long(string operation, string stem, params PtxOperand[] operands)
    {
        PtxLong result = NewLong(stem);
        Op(operation, result, operands);
        return result;
    }

    private PtxPredicate Predicate(string operation, string stem, params PtxOperand[] operands)
    {
        var result = new PtxPredicate(NewRegister("pred", stem));
        Op(operation, result, operands);
        return result;
    }

    private PtxFloat NewFloat(string stem) => new(NewRegister("f32", stem));

    private PtxInt NewInt(string stem) => new(NewRegister("b32", stem));

    private PtxLong NewLong(string stem) => new(NewRegister("b64", stem));

    /// <summary>A register that is named after what it holds; the second of a name gets a number.</summary>
    private string NewRegister(string type, string stem)
    {
        if (s_reserved.Contains(stem))
            stem += "Value";
        _used.TryGetValue(stem, out int before);
        _used[stem] = before + 1;
        string register = before == 0 ? "%" + stem : $"%{stem}_{Invariant.Text(before + 1)}";
        List<string>? known = _declared.FirstOrDefault(entry => entry.Type == type).Registers;
        if (known is null)
            _declared.Add((type, known = []));
        known.Add(register);
        return register;
    }

    private void Op(string operation, PtxOperand result, PtxOperand[] operands)
        => Op($"{operation} {result}, {string.Join(", ", operands.Select(operand => operand.Text))}");

    private void Op(string text) => _body.Append(_indent).Append(text).Append(";\n");

    private static int Bits(float value) => BitConverter.ToInt32(BitConverter.GetBytes(value), 0);
}
