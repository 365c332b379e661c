namespace NetGen.Checks;

/// <summary>One form of a machine instruction that kernels use, with operands of which each thread has its own.</summary>
/// <param name="Form">The instruction with all that is behind its name.</param>
/// <param name="Result">The type of its result.</param>
/// <param name="Operands">Types of its operands; <c>divisor</c> is an integer that is not zero.</param>
internal sealed record Probe(string Form, string Result, params string[] Operands)
{
    /// <summary>What is behind the operands: constants of the instruction.</summary>
    public string Rest { get; init; } = "";

    /// <summary>
    /// The forms of arithmetic, comparisons, conversions and exchanges; accesses of memory, moves and jumps are everywhere.
    /// </summary>
    public static IReadOnlyList<Probe> All { get; } =
    [
        .. Alike("f32", 1, "abs.f32", "neg.f32", "sqrt.rn.f32"),
        .. Alike("f32", 2, "add.rn.f32", "sub.rn.f32", "mul.rn.f32", "div.rn.f32"),
        .. Alike("f32", 2, "max.f32", "max.NaN.f32", "min.NaN.f32", "copysign.f32"),
        .. Alike("f32", 3, "fma.rn.f32"),
        .. Alike("f64", 1, "neg.f64", "sqrt.rn.f64"),
        .. Alike("f64", 2, "add.rn.f64", "sub.rn.f64", "mul.rn.f64", "div.rn.f64", "max.f64", "min.f64"),
        .. Alike("f64", 3, "fma.rn.f64"),
        .. Alike("b32", 2, "add.s32", "add.u32", "sub.s32", "mul.lo.s32", "max.s32", "min.s32", "and.b32", "shl.b32", "shr.s32"),
        .. Alike("b32", 3, "mad.lo.s32", "mad.lo.u32"),
        .. Alike("b64", 2, "add.s64", "add.u64"),
        new("div.u32", "b32", "b32", "divisor"), new("shl.b64", "b64", "b64", "b32"),
        new("mul.wide.s32", "b64", "b32", "b32"), new("mul.wide.u32", "b64", "b32", "b32"),
        new("cvt.f64.f32", "f64", "f32"), new("cvt.rn.f32.f64", "f32", "f64"), new("cvt.rmi.s32.f32", "b32", "f32"),
        new("cvt.rzi.s32.f64", "b32", "f64"), new("cvt.rn.f32.s32", "f32", "b32"), new("cvt.rn.f64.s32", "f64", "b32"),
        new("cvt.rna.tf32.f32", "b32", "f32"), new("cvt.s64.s32", "b64", "b32"), new("cvt.u64.u32", "b64", "b32"),
        .. Compared("f32", "eq", "ge", "gt", "le", "lt"), .. Compared("f64", "ge", "gt", "lt"),
        .. Compared("s32", "eq", "ge", "gt", "lt", "ne"), .. Compared("u32", "ge", "lt", "ne"),
        .. Alike("pred", 1, "not.pred"), .. Alike("pred", 2, "and.pred", "or.pred"),
        new("selp.b32", "b32", "b32", "b32", "pred"), new("selp.b64", "b64", "b64", "b64", "pred"),
        new("selp.f32", "f32", "f32", "f32", "pred"), new("selp.f64", "f64", "f64", "f64", "pred"),
        new("shfl.sync.bfly.b32", "b32", "b32") { Rest = ", 5, 31, -1" }, new("shfl.sync.idx.b32", "b32", "b32") { Rest = ", 9, 31, -1" },
        new("bar.red.and.pred", "pred", "barrier", "pred"),
        new(Product, "f32x4", "tf32x4", "tf32x2", "f32x4"), new("cvt.rn.bf16x2.f32", "b32", "f32", "f32"),
        new("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32", "f32x4", "bf16x4", "bf16x2", "f32x4"),
    ];

    /// <summary>A form of products on tensor cores.</summary>
    public const string Product = "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32";

    /// <summary>Its results may differ, since the order of a tensor core's sums is nowhere said.</summary>
    public bool IsProduct => Form.StartsWith("mma.", StringComparison.Ordinal);

    private static IEnumerable<Probe> Alike(string type, int operands, params string[] forms)
        => forms.Select(form => new Probe(form, type, [.. Enumerable.Repeat(type, operands)]));

    private static IEnumerable<Probe> Compared(string type, params string[] comparisons)
    {
        string register = type[0] == 'f' ? type : "b32";
        return comparisons.Select(comparison => new Probe($"setp.{comparison}.{type}", "pred", register, register));
    }
}
