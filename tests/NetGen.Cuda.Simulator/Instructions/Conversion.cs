using NetGen.Cuda.Simulator.Ptx;

namespace NetGen.Cuda.Simulator.Instructions;

/// <summary><c>cvt</c>: from one type of number to another.</summary>
internal static class Conversion
{
    public static Instruction Decode(Opcode opcode, Operands operands)
    {
        string rounding = opcode.Next is "rn" or "rz" or "rna" or "rni" or "rzi" or "rmi" or "rpi"
            ? opcode.OneOf("rn", "rz", "rna", "rni", "rzi", "rmi", "rpi") : "";
        opcode.RefuseInexact();
        if (opcode.Next is "tf32" or "bf16" or "bf16x2" or "f16x2")
            return DecodeShort(opcode, operands, rounding);
        PtxType to = opcode.Type();
        if (opcode.Has("bf16"))
            return DecodeFromBFloat16(opcode, operands, to, rounding);
        PtxType from = opcode.Type();
        if (to.Kind is PtxKind.Bits or PtxKind.Predicate || from.Kind is PtxKind.Bits or PtxKind.Predicate)
            throw opcode.Error("numbers are converted, not bits");
        operands.Expect(2);
        int targetBytes = operands.LaneBytes(0, to), sourceBytes = operands.LaneBytes(1, from);
        int d = operands.Target(0, to, mayBeWider: true), a = operands.Source(1, from, mayBeWider: true);
        CheckRounding(opcode, from, to, rounding);
        return (sourceBytes, targetBytes) switch
        {
            (8, 8) => new EachLane<ulong, ulong>(d, a, Function(from, to, rounding, targetBytes)),
            (8, _) => new EachLane<ulong, uint>(d, a, Narrow(Function(from, to, rounding, targetBytes))),
            (_, 8) => new EachLane<uint, ulong>(d, a, Widen(Function(from, to, rounding, targetBytes))),
            _ => new EachLane<uint, uint>(d, a, Both(Function(from, to, rounding, targetBytes))),
        };

        static Func<ulong, uint> Narrow(Func<ulong, ulong> convert) => x => (uint)convert(x);

        static Func<uint, ulong> Widen(Func<ulong, ulong> convert) => x => convert(x);

        static Func<uint, uint> Both(Func<ulong, ulong> convert) => x => (uint)convert(x);
    }

    private static void CheckRounding(Opcode opcode, PtxType from, PtxType to, string rounding)
    {
        bool isIntegral = rounding is "rni" or "rzi" or "rmi" or "rpi";
        string wanted = (from.IsFloat, to.IsFloat) switch
        {
            (false, false) => "",
            (true, false) => "rni",
            (false, true) => "rn",
            _ when from.Bytes > to.Bytes => "rn",
            _ when from.Bytes == to.Bytes => isIntegral ? "rni" : "",
            _ => "",
        };
        if (wanted == "rni" ? !isIntegral : wanted != rounding)
        {
            string words = wanted switch { "" => "no rounding", "rn" => "'.rn'", _ => "'.rni', '.rzi', '.rmi' or '.rpi'" };
            throw opcode.Error($"from {from} to {to} takes {words}");
        }
    }

    /// <summary>On the bits of registers: a result narrower than its register is extended by its sign or by zeros.</summary>
    private static Func<ulong, ulong> Function(PtxType from, PtxType to, string rounding, int targetBytes)
    {
        if (!from.IsFloat && !to.IsFloat)
            return bits => Extend(Extend(bits, from), to) & Mask(targetBytes);
        if (!from.IsFloat)
        {
            return to.Bytes switch
            {
                8 when from.IsSigned => bits => BitConverter.DoubleToUInt64Bits((long)Extend(bits, from)),
                8 => bits => BitConverter.DoubleToUInt64Bits(Extend(bits, from)),
                4 when from.IsSigned => bits => BitConverter.SingleToUInt32Bits((long)Extend(bits, from)),
                4 => bits => BitConverter.SingleToUInt32Bits(Extend(bits, from)),
                _ when from.IsSigned => bits => BitConverter.HalfToUInt16Bits((Half)(long)Extend(bits, from)),
                _ => bits => BitConverter.HalfToUInt16Bits((Half)Extend(bits, from)),
            };
        }
        return to.IsFloat
            ? bits => FromDouble(Round(ToDouble(bits, from), rounding), to)
            : bits => Extend(ToInteger(Round(ToDouble(bits, from), rounding), to), to) & Mask(targetBytes);
    }

    private static ulong Mask(int bytes) => bytes == 8 ? ulong.MaxValue : uint.MaxValue;

    private static ulong Extend(ulong bits, PtxType type) => (type.Bytes, type.IsSigned) switch
    {
        (1, true) => (ulong)(sbyte)bits,
        (1, _) => (byte)bits,
        (2, true) => (ulong)(short)bits,
        (2, _) => (ushort)bits,
        (4, true) => (ulong)(int)bits,
        (4, _) => (uint)bits,
        _ => bits,
    };

    private static double ToDouble(ulong bits, PtxType type) => type.Bytes switch
    {
        8 => BitConverter.UInt64BitsToDouble(bits),
        4 => BitConverter.UInt32BitsToSingle((uint)bits),
        _ => (double)BitConverter.UInt16BitsToHalf((ushort)bits),
    };

    private static ulong FromDouble(double value, PtxType type) => type.Bytes switch
    {
        8 => BitConverter.DoubleToUInt64Bits(value),
        4 => BitConverter.SingleToUInt32Bits((float)value),
        _ => BitConverter.HalfToUInt16Bits((Half)value),
    };

    private static double Round(double value, string rounding) => rounding switch
    {
        "rni" => Math.Round(value, MidpointRounding.ToEven),
        "rzi" => Math.Truncate(value),
        "rmi" => Math.Floor(value),
        "rpi" => Math.Ceiling(value),
        _ => value,
    };

    /// <summary>What is out of range becomes the nearest number that is not, and a NaN becomes 0.</summary>
    private static ulong ToInteger(double value, PtxType type) => (type.Bytes, type.IsSigned) switch
    {
        (8, true) => (ulong)(long)value,
        (8, _) => (ulong)value,
        (4, true) => (ulong)(int)value,
        (4, _) => (uint)value,
        (2, true) => (ulong)(short)Math.Clamp(double.IsNaN(value) ? 0 : value, short.MinValue, short.MaxValue),
        (2, _) => (ulong)Math.Clamp(double.IsNaN(value) ? 0 : value, 0, ushort.MaxValue),
        (_, true) => (ulong)(sbyte)Math.Clamp(double.IsNaN(value) ? 0 : value, sbyte.MinValue, sbyte.MaxValue),
        _ => (ulong)Math.Clamp(double.IsNaN(value) ? 0 : value, 0, byte.MaxValue),
    };

    /// <summary>To the types that tensor cores read.</summary>
    private static Instruction DecodeShort(Opcode opcode, Operands operands, string rounding)
    {
        string to = opcode.OneOf("tf32", "bf16", "bf16x2", "f16x2");
        PtxType from = opcode.Type("f32");
        if (rounding != (to == "tf32" ? "rna" : "rn"))
            throw opcode.Error($"to .{to} is rounded by '.{(to == "tf32" ? "rna" : "rn")}'");
        bool isPair = to.EndsWith("x2", StringComparison.Ordinal);
        operands.Expect(isPair ? 3 : 2);
        int d = operands.Target(0, to == "bf16" ? PtxType.B16 : PtxType.B32), a = operands.Source(1, from);
        if (!isPair)
            return new EachLane<uint, uint>(d, a, to == "tf32" ? ShortFloats.ToTensorFloat32 : ShortFloats.ToBFloat16);
        int b = operands.Source(2, from);
        // The first operand is the upper half.
        return to == "bf16x2"
            ? new EachLane<uint, uint, uint>(d, a, b, static (high, low) =>
                ShortFloats.ToBFloat16(high) << 16 | ShortFloats.ToBFloat16(low))
            : new EachLane<float, float, uint>(d, a, b, static (high, low) =>
                (uint)BitConverter.HalfToUInt16Bits((Half)high) << 16 | BitConverter.HalfToUInt16Bits((Half)low));
    }

    private static EachLane<uint, uint> DecodeFromBFloat16(Opcode opcode, Operands operands, PtxType to, string rounding)
    {
        if (to.Name != "f32" || rounding.Length > 0)
            throw opcode.Error("from .bf16 goes to .f32, exactly");
        if (operands.Kernel.Kernel.Module.Target < 90)
            throw opcode.Error("needs .target sm_90; before it, the bits are shifted by 16");
        operands.Expect(2);
        return new EachLane<uint, uint>(operands.Target(0, to), operands.Source(1, PtxType.B16), static bits => bits << 16);
    }
}

/// <summary>Floats of less than 32 bits, by their bits.</summary>
internal static class ShortFloats
{
    /// <summary>8 bits of exponent and 10 of fraction, to the nearest, ties away from zero; in the upper 19 bits.</summary>
    public static uint ToTensorFloat32(uint bits) =>
        (bits & 0x7F800000) == 0x7F800000 ? bits & 0xFFFFE000 | ((bits & 0x007FFFFF) != 0 ? 0x00400000u : 0) : bits + 0x1000 & 0xFFFFE000;

    /// <summary>The upper 16 bits, to the nearest, ties to even; a NaN becomes the one PTX gives.</summary>
    public static uint ToBFloat16(uint bits) =>
        (bits & 0x7FFFFFFF) > 0x7F800000 ? 0x7FFF : bits + 0x7FFF + (bits >> 16 & 1) >> 16;
}
