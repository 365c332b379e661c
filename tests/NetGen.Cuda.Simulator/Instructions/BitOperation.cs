using System.Numerics;
using System.Runtime.Intrinsics;
using NetGen.Cuda.Simulator.Machine;
using NetGen.Cuda.Simulator.Ptx;

namespace NetGen.Cuda.Simulator.Instructions;

/// <summary>Logic, shifts and fields of bits; logic of predicates too.</summary>
internal static class BitOperation
{
    public static Instruction Decode(Opcode opcode, Operands operands)
    {
        switch (opcode.Name)
        {
            case "and" or "or" or "xor" or "not":
                return DecodeLogic(opcode, operands);
            case "shl" or "shr":
                return DecodeShift(opcode, operands);
            case "shf":
                return DecodeFunnel(opcode, operands);
            case "lop3":
                return DecodeTable(opcode, operands);
            case "bfe" or "bfi":
                return DecodeField(opcode, operands);
            case "prmt":
                return DecodePermutation(opcode, operands);
            default:
                return DecodeCount(opcode, operands);
        }
    }

    private static Instruction DecodeLogic(Opcode opcode, Operands operands)
    {
        bool isNot = opcode.Name == "not";
        operands.Expect(isNot ? 2 : 3);
        if (opcode.Has("pred"))
        {
            int target = operands.PredicateTarget(0);
            (int first, bool isFirstNegated) = operands.Predicate(1);
            (int second, bool isSecondNegated) = isNot ? (first, isFirstNegated) : operands.Predicate(2);
            if (isFirstNegated || isSecondNegated)
                throw opcode.Error("'!' is not for the operands of predicate logic; use 'not.pred'");
            return new PredicateLogic(target, first, second, opcode.Name);
        }
        PtxType type = isNot ? opcode.Type("b32", "b64") : opcode.Type("b16", "b32", "b64");
        int d = operands.Target(0, type), a = operands.Source(1, type);
        if (isNot)
            return Arithmetic.Unary<Complement>(type, d, a);
        int b = operands.Source(2, type);
        return opcode.Name switch
        {
            "and" => Arithmetic.Binary<And>(type, d, a, b),
            "or" => Arithmetic.Binary<Or>(type, d, a, b),
            _ => Arithmetic.Binary<Xor>(type, d, a, b),
        };
    }

    private static Instruction DecodeShift(Opcode opcode, Operands operands)
    {
        PtxType type = opcode.Name == "shl" ? opcode.Type("b32", "b64") : opcode.Type("b32", "b64", "u32", "u64", "s32", "s64");
        operands.Expect(3);
        int d = operands.Target(0, type), a = operands.Source(1, type), b = operands.Source(2, PtxType.U32);
        // By as many bits as there are, or more, nothing is left, or the sign.
        return (opcode.Name, type.Bytes, type.IsSigned) switch
        {
            ("shl", 4, _) => new EachLane<uint, uint, uint>(d, a, b, static (x, n) => n > 31 ? 0 : x << (int)n),
            ("shl", _, _) => new EachLane<ulong, uint, ulong>(d, a, b, static (x, n) => n > 63 ? 0 : x << (int)n),
            (_, 4, true) => new EachLane<int, uint, int>(d, a, b, static (x, n) => x >> (int)Math.Min(n, 31)),
            (_, 4, _) => new EachLane<uint, uint, uint>(d, a, b, static (x, n) => n > 31 ? 0 : x >> (int)n),
            (_, _, true) => new EachLane<long, uint, long>(d, a, b, static (x, n) => x >> (int)Math.Min(n, 63)),
            _ => new EachLane<ulong, uint, ulong>(d, a, b, static (x, n) => n > 63 ? 0 : x >> (int)n),
        };
    }

    /// <summary><c>shf</c>: 32 bits out of 64.</summary>
    private static Instruction DecodeFunnel(Opcode opcode, Operands operands)
    {
        bool isLeft = opcode.OneOf("l", "r") == "l", wraps = opcode.OneOf("wrap", "clamp") == "wrap";
        PtxType type = opcode.Type("b32");
        operands.Expect(4);
        int d = operands.Target(0, type), low = operands.Source(1, type), high = operands.Source(2, type), by = operands.Source(3, type);
        return new EachLane<uint, uint, uint, uint>(d, low, high, by, (lowBits, highBits, count) =>
        {
            int n = (int)(wraps ? count & 31 : Math.Min(count, 32));
            ulong both = (ulong)highBits << 32 | lowBits;
            return isLeft ? (uint)(both << n >> 32) : (uint)(both >> n);
        });
    }

    private static Instruction DecodeTable(Opcode opcode, Operands operands)
    {
        PtxType type = opcode.Type("b32");
        operands.Expect(5);
        int d = operands.Target(0, type), a = operands.Source(1, type), b = operands.Source(2, type), c = operands.Source(3, type);
        long table = operands.Immediate(4);
        if (table is < 0 or > 255)
            throw opcode.Error($"a table of three operands has 8 bits, and {table} has more");
        return new EachLane<uint, uint, uint, uint>(d, a, b, c, (x, y, z) =>
        {
            uint result = 0;
            for (int row = 0; row < 8; row++)
            {
                if ((table >> row & 1) != 0)
                    result |= ((row & 4) != 0 ? x : ~x) & ((row & 2) != 0 ? y : ~y) & ((row & 1) != 0 ? z : ~z);
            }
            return result;
        });
    }

    private static Instruction DecodeField(Opcode opcode, Operands operands)
    {
        PtxType type = opcode.Name == "bfe" ? opcode.Type("u32", "s32") : opcode.Type("b32");
        if (opcode.Name == "bfe")
        {
            operands.Expect(4);
            int target = operands.Target(0, type), a = operands.Source(1, type);
            int from = operands.Source(2, PtxType.U32), length = operands.Source(3, PtxType.U32);
            bool isSigned = type.IsSigned;
            return new EachLane<uint, uint, uint, uint>(target, a, from, length,
                (x, first, count) => Extract(x, (int)(first & 255), (int)(count & 255), isSigned));
        }
        operands.Expect(5);
        int d = operands.Target(0, type), field = operands.Source(1, type), into = operands.Source(2, type);
        int start = operands.Source(3, PtxType.U32), width = operands.Source(4, PtxType.U32);
        return new InsertField(d, field, into, start, width);
    }

    private static uint Extract(uint value, int first, int count, bool isSigned)
    {
        uint result = 0;
        int last = Math.Min(first + count - 1, 31);
        uint sign = !isSigned || count == 0 ? 0 : value >> last & 1;
        for (int i = 0; i < 32; i++)
            result |= (i < count && first + i < 32 ? value >> (first + i) & 1 : sign) << i;
        return result;
    }

    private static Instruction DecodePermutation(Opcode opcode, Operands operands)
    {
        PtxType type = opcode.Type("b32");
        operands.Expect(4);
        int d = operands.Target(0, type), a = operands.Source(1, type), b = operands.Source(2, type), c = operands.Source(3, type);
        return new EachLane<uint, uint, uint, uint>(d, a, b, c, static (x, y, selection) =>
        {
            ulong bytes = (ulong)y << 32 | x;
            uint result = 0;
            for (int i = 0; i < 4; i++)
            {
                uint which = selection >> (4 * i) & 15;
                uint value = (uint)(bytes >> (8 * (int)(which & 7))) & 255;
                // The fourth bit asks for the sign instead of the byte.
                result |= ((which & 8) == 0 ? value : (value & 128) != 0 ? 255u : 0) << (8 * i);
            }
            return result;
        });
    }

    private static Instruction DecodeCount(Opcode opcode, Operands operands)
    {
        PtxType type = opcode.Type("b32", "b64");
        operands.Expect(2);
        int d = operands.Target(0, opcode.Name == "brev" ? type : PtxType.U32), a = operands.Source(1, type);
        return (opcode.Name, type.Bytes) switch
        {
            ("popc", 4) => new EachLane<uint, uint>(d, a, static x => (uint)BitOperations.PopCount(x)),
            ("popc", _) => new EachLane<ulong, uint>(d, a, static x => (uint)BitOperations.PopCount(x)),
            ("clz", 4) => new EachLane<uint, uint>(d, a, static x => (uint)BitOperations.LeadingZeroCount(x)),
            ("clz", _) => new EachLane<ulong, uint>(d, a, static x => (uint)BitOperations.LeadingZeroCount(x)),
            (_, 4) => new EachLane<uint, uint>(d, a, static x => (uint)(Reverse(x) >> 32)),
            _ => new EachLane<ulong, ulong>(d, a, Reverse),
        };
    }

    private static ulong Reverse(ulong value)
    {
        ulong result = 0;
        for (int i = 0; i < 64; i++)
            result |= (value >> i & 1) << (63 - i);
        return result;
    }

    private readonly struct And : IBinary
    {
        public static Vector512<T> Apply<T>(Vector512<T> a, Vector512<T> b) => a & b;
    }

    private readonly struct Or : IBinary
    {
        public static Vector512<T> Apply<T>(Vector512<T> a, Vector512<T> b) => a | b;
    }

    private readonly struct Xor : IBinary
    {
        public static Vector512<T> Apply<T>(Vector512<T> a, Vector512<T> b) => a ^ b;
    }

    private readonly struct Complement : IUnary
    {
        public static Vector512<T> Apply<T>(Vector512<T> a) => ~a;
    }
}

internal sealed class PredicateLogic(int target, int a, int b, string name) : Instruction
{
    public override void Run(Warp warp, uint lanes)
    {
        uint x = warp.Predicates[a], y = warp.Predicates[b];
        warp.SetPredicate(target, name switch { "and" => x & y, "or" => x | y, "xor" => x ^ y, _ => ~x }, lanes);
    }
}

internal sealed unsafe class InsertField(int target, int field, int into, int start, int width) : Instruction
{
    public override void Run(Warp warp, uint lanes)
    {
        uint* result = warp.Words(target);
        while (lanes != 0)
        {
            int lane = Lanes.Next(ref lanes);
            int first = (int)(warp.Words(start)[lane] & 255), count = (int)(warp.Words(width)[lane] & 255);
            ulong mask = first > 31 ? 0 : ((1ul << Math.Min(count, 32)) - 1) << first;
            uint value = warp.Words(into)[lane];
            result[lane] = (value & ~(uint)mask) | ((uint)((ulong)warp.Words(field)[lane] << Math.Min(first, 32)) & (uint)mask);
        }
    }
}
