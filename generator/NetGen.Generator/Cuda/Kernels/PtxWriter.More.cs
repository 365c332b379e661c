using NetGen.Generator.Text;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>What few kernels need: doubles, comparisons of integers that give integers, loops that may have no round.</summary>
internal sealed partial class PtxWriter
{
    /// <summary>A number of 64 bits.</summary>
    public static PtxDouble Number(double value)
        => new("0d" + BitConverter.DoubleToInt64Bits(value).ToString("X16", System.Globalization.CultureInfo.InvariantCulture));

    public PtxDouble Add(PtxDouble a, PtxDouble b, string stem) => Double("add.rn.f64", stem, a, b);

    public PtxDouble Subtract(PtxDouble a, PtxDouble b, string stem) => Double("sub.rn.f64", stem, a, b);

    public PtxDouble Multiply(PtxDouble a, PtxDouble b, string stem) => Double("mul.rn.f64", stem, a, b);

    public PtxDouble Divide(PtxDouble a, PtxDouble b, string stem) => Double("div.rn.f64", stem, a, b);

    public PtxDouble SquareRoot(PtxDouble a, string stem) => Double("sqrt.rn.f64", stem, a);

    public PtxDouble Maximum(PtxDouble a, PtxDouble b, string stem) => Double("max.f64", stem, a, b);

    /// <summary>The same number.</summary>
    public PtxDouble Widen(PtxFloat a, string stem) => Double("cvt.f64.f32", stem, a);

    /// <summary>An integer with its sign.</summary>
    public PtxDouble ConvertToDouble(PtxInt a, string stem) => Double("cvt.rn.f64.s32", stem, a);

    public PtxFloat Narrow(PtxDouble a, string stem) => Float("cvt.rn.f32.f64", stem, a);

    /// <summary>Without what is behind the point.</summary>
    public PtxInt Truncate(PtxDouble a, string stem) => Int("cvt.rzi.s32.f64", stem, a);

    /// <summary>The largest integer that is not above.</summary>
    public PtxInt Floor(PtxFloat a, string stem) => Int("cvt.rmi.s32.f32", stem, a);

    public PtxPredicate Compare(string relation, PtxDouble a, PtxDouble b, string stem) => Predicate($"setp.{relation}.f64", stem, a, b);

    public PtxDouble Variable(PtxDouble value, string stem) => Double("mov.f64", stem, value);

    public void Set(PtxDouble variable, PtxDouble value) => Op($"mov.f64 {variable}, {value}");

    public PtxFloat SquareRoot(PtxFloat a, string stem) => Float("sqrt.rn.f32", stem, a);

    /// <summary>The smaller of two; NaN where one is.</summary>
    public PtxFloat MinimumOrNaN(PtxFloat a, PtxFloat b, string stem) => Float("min.NaN.f32", stem, a, b);

    public PtxInt Minimum(PtxInt a, PtxInt b, string stem) => Int("min.s32", stem, a, b);

    public PtxInt Maximum(PtxInt a, PtxInt b, string stem) => Int("max.s32", stem, a, b);

    public PtxInt Select(PtxPredicate which, PtxInt where, PtxInt otherwise, string stem) => Int("selp.b32", stem, where, otherwise, which);

    /// <summary>Numbers behind one another, whose address is a multiple of their size.</summary>
    public PtxFloat[] Load(PtxLong address, int count, string stem)
    {
        PtxFloat[] values = [.. Enumerable.Range(0, count).Select(_ => NewFloat(stem))];
        Op($"ld.global{Vector(count)}.f32 {Text(values)}, [{address}]");
        return values;
    }

    /// <summary>An integer in memory.</summary>
    public PtxInt LoadInt(PtxLong address, string stem)
    {
        PtxInt value = NewInt(stem);
        Op($"ld.global.u32 {value}, [{address}]");
        return value;
    }

    public void Store(PtxLong address, PtxInt value) => Op($"st.global.u32 [{address}], {value}");

    public void Store(PtxLong address, PtxDouble value) => Op($"st.global.f64 [{address}], {value}");

    public PtxDouble LoadDouble(PtxLong address, string stem)
    {
        var value = new PtxDouble(NewRegister("f64", stem));
        Op($"ld.global.f64 {value}, [{address}]");
        return value;
    }

    /// <summary>Where a double lies in an array of such.</summary>
    public PtxLong DoubleAddress(PtxLong start, PtxInt index, string stem)
        => Long("add.s64", stem, start, Long("mul.wide.s32", stem + "Bytes", index, Number(8)));

    /// <summary>The upper 32 bits of a product of numbers without sign.</summary>
    public PtxInt MultiplyHigh(PtxInt a, PtxInt b, string stem) => Int("mul.hi.u32", stem, a, b);

    public PtxInt Xor(PtxInt a, PtxInt b, string stem) => Int("xor.b32", stem, a, b);

    /// <summary>Of numbers without sign.</summary>
    public PtxPredicate IsBelow(PtxInt a, PtxInt b, string stem) => Predicate("setp.lt.u32", stem, a, b);

    public PtxDouble Negate(PtxDouble a, string stem) => Double("neg.f64", stem, a);

    public PtxDouble Absolute(PtxDouble a, string stem) => Double("abs.f64", stem, a);

    public PtxDouble Minimum(PtxDouble a, PtxDouble b, string stem) => Double("min.f64", stem, a, b);

    public PtxLong Select(PtxPredicate which, PtxLong where, PtxLong otherwise, string stem)
        => Long("selp.b64", stem, where, otherwise, which);

    public PtxDouble Select(PtxPredicate which, PtxDouble where, PtxDouble otherwise, string stem)
        => Double("selp.f64", stem, where, otherwise, which);

    /// <summary>A register that is given other values later.</summary>
    public PtxInt Variable(PtxInt value, string stem) => Int("mov.u32", stem, value);

    public void Set(PtxInt variable, PtxInt value) => Op($"mov.u32 {variable}, {value}");

    public PtxInt And(PtxInt a, int mask, string stem) => Int("and.b32", stem, a, Number(mask));

    /// <summary>
    /// The nearest number of 11 digits, as tensor cores take it: in the upper 19 bits, below which may be anything.
    /// </summary>
    public PtxInt RoundToTensorFloat(PtxFloat a, string stem) => Int("cvt.rna.tf32.f32", stem, a);

    /// <summary>The nearest numbers of 8 digits, of two as near the even one: a register with the first in its lower half.</summary>
    public PtxInt RoundToBFloat16(PtxFloat lower, PtxFloat upper, string stem) => Int("cvt.rn.bf16x2.f32", stem, upper, lower);

    /// <summary>
    /// On tensor cores a warp's product of 16 rows, 8 columns and a depth of 8 is added to its sums. Lane 4 g + t has of the left operand
    /// the rows g and g + 8 at the depth t, then at t + 4; of the right one the column g at t and t + 4; of the sums the columns 2 t and
    /// 2 t + 1 of row g, then of row g + 8.
    /// </summary>
    public void MultiplyMatrices(PtxFloat[] sums, PtxInt[] a, PtxInt[] b) => Op(
        $"mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {Text(sums)}, {Text(a)}, {Text(b)}, {Text(sums)}");

    /// <summary>
    /// The same of bfloat16 and of a depth of 16: in place of the number at a depth t stand those at 2 t and 2 t + 1, and in place of that
    /// at t + 4 those at 2 t + 8 and 2 t + 9.
    /// </summary>
    public void MultiplyBFloat16Matrices(PtxFloat[] sums, PtxInt[] a, PtxInt[] b) => Op(
        $"mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {Text(sums)}, {Text(a)}, {Text(b)}, {Text(sums)}");

    private static string Text(PtxInt[] words) => "{" + string.Join(", ", words.Select(word => word.Text)) + "}";

    /// <summary>Waits for all threads of the block, and says whether something holds for each of them.</summary>
    public PtxPredicate BarrierAll(PtxPredicate each, string stem)
    {
        var all = new PtxPredicate(NewRegister("pred", stem));
        Op($"bar.red.and.pred {all}, 0, {each}");
        return all;
    }

    /// <summary>The value of a lane of the warp, of which all lanes take part.</summary>
    public PtxFloat FromLane(PtxFloat value, PtxInt lane, string stem)
        => Float("shfl.sync.idx.b32", stem, value, lane, Number(31), Number(-1));

    /// <summary>Steps of a count from a start on while it is below a bound, which may be at once no longer.</summary>
    public void For(string counter, PtxInt start, PtxInt bound, int step, Action<PtxInt> body)
    {
        PtxInt count = Int("mov.u32", counter, start);
        string label = Invariant.Text(++_labels);
        _body.Append("LOOP_").Append(label).Append(":\n");
        PtxPredicate isBehind = Compare("ge", count, bound, "isBehind");
        Op($"@{isBehind} bra END_{label}");
        Indented(() => body(count));
        Op($"add.s32 {count}, {count}, {Invariant.Text(step)}");
        Op($"bra LOOP_{label}");
        _body.Append("END_").Append(label).Append(":\n");
    }

    /// <summary>Numbers in shared memory behind one another: the address of one.</summary>
    public PtxInt SharedAddress(PtxInt array, PtxInt index, string stem) => MultiplyAdd(index, Number(4), array, stem);

    private PtxDouble Double(string operation, string stem, params PtxOperand[] operands)
    {
        var result = new PtxDouble(NewRegister("f64", stem));
        Op(operation, result, operands);
        return result;
    }
}
