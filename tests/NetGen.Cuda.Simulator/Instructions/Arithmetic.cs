using System.Runtime.Intrinsics;
using NetGen.Cuda.Simulator.Machine;
using NetGen.Cuda.Simulator.Ptx;

namespace NetGen.Cuda.Simulator.Instructions;

/// <summary>
/// Arithmetic of integers and floats. Of floats only what IEEE 754 defines to the bit: with <c>.rn</c>, without <c>.ftz</c>, and for
/// sums and products never without a rounding, which would let the assembler fuse them.
/// </summary>
internal static class Arithmetic
{
    public static Instruction Decode(Opcode opcode, Operands operands) => opcode.Name switch
    {
        "mul" or "mad" => DecodeProduct(opcode, operands),
        "fma" => DecodeFused(opcode, operands),
        "add" or "sub" or "div" or "rem" or "min" or "max" => DecodeBinary(opcode, operands),
        "copysign" => DecodeCopySign(opcode, operands),
        _ => DecodeUnary(opcode, operands),
    };

    private static Instruction DecodeUnary(Opcode opcode, Operands operands)
    {
        opcode.RefuseInexact();
        if (opcode.Name is "sqrt" or "rcp")
        {
            opcode.Expect("rn");
            opcode.RefuseInexact();
        }
        PtxType type = opcode.Name is "sqrt" or "rcp" ? opcode.Type("f32", "f64") : opcode.Type("s32", "s64", "f32", "f64");
        operands.Expect(2);
        int d = operands.Target(0, type), a = operands.Source(1, type);
        return (opcode.Name, type.IsFloat) switch
        {
            ("sqrt", _) => Unary<SquareRoot>(type, d, a),
            ("rcp", _) => Unary<Reciprocal>(type, d, a),
            ("neg", true) => Unary<NegateSign>(type, d, a),
            ("abs", true) => Unary<ClearSign>(type, d, a),
            ("neg", false) => Unary<Negate>(type, d, a),
            _ => Unary<Magnitude>(type, d, a),
        };
    }

    private static Instruction DecodeBinary(Opcode opcode, Operands operands)
    {
        string rounding = opcode.Has("rn") ? "rn" : "";
        opcode.RefuseInexact();
        bool keepsNaN = opcode.Name is "min" or "max" && opcode.Has("NaN");
        PtxType type = opcode.Type("u32", "s32", "u64", "s64", "f32", "f64");
        if (keepsNaN && type.Name != "f32")
            throw opcode.Error("'.NaN' is for .f32");
        CheckRounding(opcode, type, rounding, isNeeded: opcode.Name is "add" or "sub" or "div");
        operands.Expect(3);
        int d = operands.Target(0, type), a = operands.Source(1, type), b = operands.Source(2, type);
        return opcode.Name switch
        {
            "add" => Binary<Sum>(type, d, a, b),
            "sub" => Binary<Difference>(type, d, a, b),
            "div" when type.IsFloat => Binary<Quotient>(type, d, a, b),
            "min" => keepsNaN ? Binary<MinimumOrNaN>(type, d, a, b) : Binary<Minimum>(type, d, a, b),
            "max" => keepsNaN ? Binary<MaximumOrNaN>(type, d, a, b) : Binary<Maximum>(type, d, a, b),
            _ when type.IsFloat => throw opcode.Error("floats have no remainder"),
            _ => DecodeDivision(opcode, type, d, a, b),
        };
    }

    private static Instruction DecodeDivision(Opcode opcode, PtxType type, int d, int a, int b) => (opcode.Name, type.Name) switch
    {
        // A quotient by 0 is unspecified, so no kernel can want one.
        ("div", "u32") => new EachLane<uint, uint, uint>(d, a, b, static (x, y) => x / NotZero(y)),
        ("div", "s32") => new EachLane<int, int, int>(d, a, b, static (x, y) => y == -1 ? unchecked(-x) : x / (int)NotZero((uint)y)),
        ("div", "u64") => new EachLane<ulong, ulong, ulong>(d, a, b, static (x, y) => x / NotZero(y)),
        ("div", "s64") => new EachLane<long, long, long>(d, a, b, static (x, y) => y == -1 ? unchecked(-x) : x / (long)NotZero((ulong)y)),
        ("rem", "u32") => new EachLane<uint, uint, uint>(d, a, b, static (x, y) => x % NotZero(y)),
        ("rem", "s32") => new EachLane<int, int, int>(d, a, b, static (x, y) => y == -1 ? 0 : x % (int)NotZero((uint)y)),
        ("rem", "u64") => new EachLane<ulong, ulong, ulong>(d, a, b, static (x, y) => x % NotZero(y)),
        _ => new EachLane<long, long, long>(d, a, b, static (x, y) => y == -1 ? 0 : x % (long)NotZero((ulong)y)),
    };

    private static uint NotZero(uint divisor) => divisor != 0 ? divisor : throw new KernelFault(FaultKind.Arithmetic, "division by 0");

    private static ulong NotZero(ulong divisor) => divisor != 0 ? divisor : throw new KernelFault(FaultKind.Arithmetic, "division by 0");

    /// <summary><c>mul</c> and <c>mad</c>: the low or high half of a product of integers, all of it, or a product of floats.</summary>
    private static Instruction DecodeProduct(Opcode opcode, Operands operands)
    {
        string part = opcode.Next is "lo" or "hi" or "wide" ? opcode.OneOf("lo", "hi", "wide") : "";
        string rounding = part.Length == 0 && opcode.Has("rn") ? "rn" : "";
        opcode.RefuseInexact();
        PtxType type = part == "wide" ? opcode.Type("u16", "s16", "u32", "s32") : opcode.Type("u32", "s32", "u64", "s64", "f32", "f64");
        bool hasSum = opcode.Name == "mad";
        if (type.IsFloat ? part.Length > 0 || hasSum : part.Length == 0)
            throw opcode.Error(hasSum ? "a sum with a product of floats is 'fma.rn'"
                : "a product of integers is .lo, .hi or .wide, one of floats none");
        CheckRounding(opcode, type, rounding, isNeeded: true);
        operands.Expect(hasSum ? 4 : 3);
        PtxType result = part == "wide" ? PtxType.Find(type.Name[0] + $"{16 * type.Bytes}")! : type;
        int d = operands.Target(0, result), a = operands.Source(1, type), b = operands.Source(2, type);
        int c = hasSum ? operands.Source(3, result) : operands.Kernel.ImmediatePlace(0, result.Bytes);
        return (part, type.Name) switch
        {
            ("", _) => Binary<Product>(type, d, a, b),
            ("lo", "u32" or "s32") when !hasSum => new Binary<uint, Product>(d, a, b),
            ("lo", "u64" or "s64") when !hasSum => new Binary<ulong, Product>(d, a, b),
            ("lo", "u32" or "s32") => new ProductAndSum<uint>(d, a, b, c),
            ("lo", _) => new ProductAndSum<ulong>(d, a, b, c),
            ("hi", "u32") => new EachLane<uint, uint, uint, uint>(d, a, b, c, static (x, y, z) => (uint)((ulong)x * y >> 32) + z),
            ("hi", "s32") => new EachLane<int, int, int, int>(d, a, b, c, static (x, y, z) => (int)((long)x * y >> 32) + z),
            ("hi", "u64") => new EachLane<ulong, ulong, ulong, ulong>(d, a, b, c, static (x, y, z) => Math.BigMul(x, y, out _) + z),
            ("hi", _) => new EachLane<long, long, long, long>(d, a, b, c, static (x, y, z) => Math.BigMul(x, y, out _) + z),
            ("wide", "u32") => new EachLane<uint, uint, ulong, ulong>(d, a, b, c, static (x, y, z) => (ulong)x * y + z),
            ("wide", "s32") => new EachLane<int, int, long, long>(d, a, b, c, static (x, y, z) => (long)x * y + z),
            ("wide", "u16") => new EachLane<uint, uint, uint, uint>(d, a, b, c, static (x, y, z) => (ushort)x * (uint)(ushort)y + z),
            _ => new EachLane<uint, uint, int, int>(d, a, b, c, static (x, y, z) => (short)x * (short)y + z),
        };
    }

    private static Instruction DecodeFused(Opcode opcode, Operands operands)
    {
        opcode.Expect("rn");
        opcode.RefuseInexact();
        PtxType type = opcode.Type("f32", "f64");
        operands.Expect(4);
        int d = operands.Target(0, type), a = operands.Source(1, type), b = operands.Source(2, type), c = operands.Source(3, type);
        return type.Bytes == 4 ? new FusedSingle(d, a, b, c) : new FusedDouble(d, a, b, c);
    }

    private static Instruction DecodeCopySign(Opcode opcode, Operands operands)
    {
        PtxType type = opcode.Type("f32", "f64");
        operands.Expect(3);
        // The sign is that of the first operand, the magnitude that of the second.
        int d = operands.Target(0, type), a = operands.Source(1, type), b = operands.Source(2, type);
        return type.Bytes == 4
            ? new EachLane<float, float, float>(d, a, b, static (sign, x) => MathF.CopySign(x, sign))
            : new EachLane<double, double, double>(d, a, b, static (sign, x) => Math.CopySign(x, sign));
    }

    private static void CheckRounding(Opcode opcode, PtxType type, string rounding, bool isNeeded)
    {
        if (!type.IsFloat && rounding.Length > 0)
            throw opcode.Error("integers are not rounded");
        if (type.IsFloat && isNeeded && rounding.Length == 0)
            throw opcode.Error("without '.rn' the assembler may fuse it with another instruction, and the bits are open");
    }

    internal static Instruction Unary<TOperation>(PtxType type, int d, int a)
        where TOperation : IUnary => (type.IsFloat, type.Bytes, type.IsSigned) switch
        {
            (true, 8, _) => new Unary<double, TOperation>(d, a),
            (true, _, _) => new Unary<float, TOperation>(d, a),
            (_, 8, true) => new Unary<long, TOperation>(d, a),
            (_, 8, _) => new Unary<ulong, TOperation>(d, a),
            (_, _, true) => new Unary<int, TOperation>(d, a),
            _ => new Unary<uint, TOperation>(d, a),
        };

    internal static Instruction Binary<TOperation>(PtxType type, int d, int a, int b)
        where TOperation : IBinary => (type.IsFloat, type.Bytes, type.IsSigned) switch
        {
            (true, 8, _) => new Binary<double, TOperation>(d, a, b),
            (true, _, _) => new Binary<float, TOperation>(d, a, b),
            (_, 8, true) => new Binary<long, TOperation>(d, a, b),
            (_, 8, _) => new Binary<ulong, TOperation>(d, a, b),
            (_, _, true) => new Binary<int, TOperation>(d, a, b),
            _ => new Binary<uint, TOperation>(d, a, b),
        };

    private readonly struct Sum : IBinary
    {
        public static Vector512<T> Apply<T>(Vector512<T> a, Vector512<T> b) => a + b;
    }

    private readonly struct Difference : IBinary
    {
        public static Vector512<T> Apply<T>(Vector512<T> a, Vector512<T> b) => a - b;
    }

    private readonly struct Product : IBinary
    {
        public static Vector512<T> Apply<T>(Vector512<T> a, Vector512<T> b) => a * b;
    }

    private readonly struct Quotient : IBinary
    {
        public static Vector512<T> Apply<T>(Vector512<T> a, Vector512<T> b) => a / b;
    }

    /// <summary>Of a number and a NaN the number; −0 is less than 0.</summary>
    private readonly struct Minimum : IBinary
    {
        public static Vector512<T> Apply<T>(Vector512<T> a, Vector512<T> b) => Vector512.MinNumber(a, b);
    }

    private readonly struct Maximum : IBinary
    {
        public static Vector512<T> Apply<T>(Vector512<T> a, Vector512<T> b) => Vector512.MaxNumber(a, b);
    }

    private readonly struct MinimumOrNaN : IBinary
    {
        public static Vector512<T> Apply<T>(Vector512<T> a, Vector512<T> b) => Vector512.Min(a, b);
    }

    private readonly struct MaximumOrNaN : IBinary
    {
        public static Vector512<T> Apply<T>(Vector512<T> a, Vector512<T> b) => Vector512.Max(a, b);
    }

    private readonly struct SquareRoot : IUnary
    {
        public static Vector512<T> Apply<T>(Vector512<T> a) => Vector512.Sqrt(a);
    }

    private readonly struct Reciprocal : IUnary
    {
        public static Vector512<T> Apply<T>(Vector512<T> a) => Vector512<T>.One / a;
    }

    private readonly struct Negate : IUnary
    {
        public static Vector512<T> Apply<T>(Vector512<T> a) => Vector512<T>.Zero - a;
    }

    private readonly struct Magnitude : IUnary
    {
        public static Vector512<T> Apply<T>(Vector512<T> a) => Vector512.Abs(a);
    }

    /// <summary>The sign's bit alone, so that −0 and NaN have theirs changed too.</summary>
    private readonly struct NegateSign : IUnary
    {
        public static Vector512<T> Apply<T>(Vector512<T> a) => a ^ SignBit<T>();
    }

    private readonly struct ClearSign : IUnary
    {
        public static Vector512<T> Apply<T>(Vector512<T> a) => Vector512.AndNot(a, SignBit<T>());
    }

    private static Vector512<T> SignBit<T>() => typeof(T) == typeof(double)
        ? Vector512.Create(1ul << 63).As<ulong, T>() : Vector512.Create(1u << 31).As<uint, T>();
}

/// <summary>a · b + c, the low bits.</summary>
internal sealed unsafe class ProductAndSum<T>(int target, int a, int b, int c) : Instruction
    where T : unmanaged
{
    public override void Run(Warp warp, uint lanes)
    {
        T* result = warp.Values<T>(target), x = warp.Values<T>(a), y = warp.Values<T>(b), z = warp.Values<T>(c);
        for (int i = 0; i < 32; i += Vector512<T>.Count)
            Lanes.Store(result, i, Vector512.Load(x + i) * Vector512.Load(y + i) + Vector512.Load(z + i), lanes);
    }
}

internal sealed unsafe class FusedSingle(int target, int a, int b, int c) : Instruction
{
    public override InstructionKind Kind => InstructionKind.Fma;

    public override void Run(Warp warp, uint lanes)
    {
        float* result = warp.Values<float>(target), x = warp.Values<float>(a), y = warp.Values<float>(b), z = warp.Values<float>(c);
        for (int i = 0; i < 32; i += 16)
            Lanes.Store(result, i, Vector512.FusedMultiplyAdd(Vector512.Load(x + i), Vector512.Load(y + i), Vector512.Load(z + i)), lanes);
    }
}

internal sealed unsafe class FusedDouble(int target, int a, int b, int c) : Instruction
{
    public override InstructionKind Kind => InstructionKind.Fma;

    public override void Run(Warp warp, uint lanes)
    {
        double* result = warp.Values<double>(target), x = warp.Values<double>(a), y = warp.Values<double>(b), z = warp.Values<double>(c);
        for (int i = 0; i < 32; i += 8)
            Lanes.Store(result, i, Vector512.FusedMultiplyAdd(Vector512.Load(x + i), Vector512.Load(y + i), Vector512.Load(z + i)), lanes);
    }
}
