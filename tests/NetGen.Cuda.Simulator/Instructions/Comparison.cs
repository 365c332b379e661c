using NetGen.Cuda.Simulator.Machine;
using NetGen.Cuda.Simulator.Ptx;

namespace NetGen.Cuda.Simulator.Instructions;

/// <summary><c>setp</c>: a predicate from two numbers, combined with another predicate on request.</summary>
internal static class Comparison
{
    public static Instruction Decode(Opcode opcode, Operands operands)
    {
        string relation = opcode.OneOf("eq", "ne", "lt", "le", "gt", "ge", "lo", "ls", "hi", "hs",
            "equ", "neu", "ltu", "leu", "gtu", "geu", "num", "nan");
        string combination = opcode.Next is "and" or "or" or "xor" ? opcode.OneOf("and", "or", "xor") : "";
        opcode.RefuseInexact();
        PtxType type = opcode.Type("b16", "u16", "s16", "b32", "u32", "s32", "f32", "b64", "u64", "s64", "f64");
        operands.Expect(combination.Length > 0 ? 4 : 3);
        CheckRelation(opcode, relation, type);
        (int first, int second) = operands.PredicateTargets(0);
        int a = operands.Source(1, type), b = operands.Source(2, type);
        (int with, bool isNegated) = combination.Length > 0 ? operands.Predicate(3) : (-1, false);
        var result = new ComparisonResult(first, second, combination, with, isNegated);
        return (type.IsFloat, type.Bytes, type.IsSigned) switch
        {
            (true, 4, _) => new Compare<float>(a, b, OfFloats<float>(relation), result),
            (true, _, _) => new Compare<double>(a, b, OfFloats<double>(relation), result),
            (_, 2, true) => new Compare<uint>(a, b, Narrow(OfIntegers<short>(relation)), result),
            (_, 2, _) => new Compare<uint>(a, b, OfIntegers<uint>(relation), result),
            (_, 4, true) => new Compare<int>(a, b, OfIntegers<int>(relation), result),
            (_, 4, _) => new Compare<uint>(a, b, OfIntegers<uint>(relation), result),
            (_, _, true) => new Compare<long>(a, b, OfIntegers<long>(relation), result),
            _ => new Compare<ulong>(a, b, OfIntegers<ulong>(relation), result),
        };

        static Func<uint, uint, bool> Narrow(Func<short, short, bool> compare) => (x, y) => compare((short)x, (short)y);
    }

    private static void CheckRelation(Opcode opcode, string relation, PtxType type)
    {
        bool isFits = type.Kind switch
        {
            PtxKind.Bits => relation is "eq" or "ne",
            PtxKind.Signed => relation is "eq" or "ne" or "lt" or "le" or "gt" or "ge",
            PtxKind.Unsigned => relation is "eq" or "ne" or "lt" or "le" or "gt" or "ge" or "lo" or "ls" or "hi" or "hs",
            _ => relation is not ("lo" or "ls" or "hi" or "hs"),
        };
        if (!isFits)
            throw opcode.Error($"'.{relation}' does not compare {type}");
    }

    /// <summary>Those that end in u are true for a NaN as well.</summary>
    private static Func<T, T, bool> OfFloats<T>(string relation)
        where T : System.Numerics.IFloatingPointIeee754<T> => relation switch
        {
            "eq" => static (x, y) => x == y,
            "ne" => static (x, y) => x != y && !T.IsNaN(x) && !T.IsNaN(y),
            "lt" => static (x, y) => x < y,
            "le" => static (x, y) => x <= y,
            "gt" => static (x, y) => x > y,
            "ge" => static (x, y) => x >= y,
            "equ" => static (x, y) => x == y || T.IsNaN(x) || T.IsNaN(y),
            "neu" => static (x, y) => !(x == y),
            "ltu" => static (x, y) => !(x >= y),
            "leu" => static (x, y) => !(x > y),
            "gtu" => static (x, y) => !(x <= y),
            "geu" => static (x, y) => !(x < y),
            "num" => static (x, y) => !T.IsNaN(x) && !T.IsNaN(y),
            _ => static (x, y) => T.IsNaN(x) || T.IsNaN(y),
        };

    private static Func<T, T, bool> OfIntegers<T>(string relation)
        where T : System.Numerics.INumber<T> => relation switch
        {
            "eq" => static (x, y) => x == y,
            "ne" => static (x, y) => x != y,
            "lt" or "lo" => static (x, y) => x < y,
            "le" or "ls" => static (x, y) => x <= y,
            "gt" or "hi" => static (x, y) => x > y,
            _ => static (x, y) => x >= y,
        };
}

/// <summary>Where the result of a comparison goes, and what it is combined with; −1 for what is not there.</summary>
internal sealed record ComparisonResult(int First, int Second, string Combination, int With, bool IsWithNegated)
{
    public void Set(Warp warp, uint value, uint lanes)
    {
        uint with = With < 0 ? 0 : IsWithNegated ? ~warp.Predicates[With] : warp.Predicates[With];
        uint first = Combine(value, with), second = Combine(~value, with);
        warp.SetPredicate(First, first, lanes);
        if (Second >= 0)
            warp.SetPredicate(Second, second, lanes);
    }

    private uint Combine(uint value, uint with) => Combination switch
    {
        "and" => value & with,
        "or" => value | with,
        "xor" => value ^ with,
        _ => value,
    };
}

internal sealed unsafe class Compare<T>(int a, int b, Func<T, T, bool> relation, ComparisonResult result) : Instruction
    where T : unmanaged
{
    public override void Run(Warp warp, uint lanes)
    {
        T* x = warp.Values<T>(a), y = warp.Values<T>(b);
        uint value = 0;
        for (uint rest = lanes; rest != 0;)
        {
            int lane = Lanes.Next(ref rest);
            if (relation(x[lane], y[lane]))
                value |= 1u << lane;
        }
        result.Set(warp, value, lanes);
    }
}
