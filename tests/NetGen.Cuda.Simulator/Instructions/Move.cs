using NetGen.Cuda.Simulator.Machine;
using NetGen.Cuda.Simulator.Ptx;

namespace NetGen.Cuda.Simulator.Instructions;

/// <summary>Moves, selections, and addresses from one kind of memory to another.</summary>
internal static class Move
{
    public static Instruction Decode(Opcode opcode, Operands operands) => opcode.Name switch
    {
        "mov" => DecodeMove(opcode, operands),
        "selp" => DecodeSelection(opcode, operands),
        _ => DecodeAddress(opcode, operands),
    };

    private static Instruction DecodeMove(Opcode opcode, Operands operands)
    {
        PtxType type = opcode.Type("pred", "b16", "u16", "s16", "b32", "u32", "s32", "f32", "b64", "u64", "s64", "f64");
        operands.Expect(2);
        if (type.Kind == PtxKind.Predicate)
        {
            int target = operands.PredicateTarget(0);
            if (operands.IsImmediate(1))
                return new SetPredicate(target, operands.Immediate(1) != 0);
            (int source, bool isNegated) = operands.Predicate(1);
            return !isNegated ? new PredicateLogic(target, source, source, "and")
                : throw opcode.Error("'!' is not for mov; use 'not.pred'");
        }
        if (operands.VectorLength(1) is var packed and > 0)
            return DecodePacking(opcode, operands, type, packed);
        if (operands.VectorLength(0) is var parts and > 0)
            return DecodeUnpacking(opcode, operands, type, parts);
        if (operands.AddressedArray(1) is { } array)
        {
            if (type.IsFloat || type.Bytes < 4)
                throw opcode.Error("an address is moved as 32 or 64 bits");
            int target = operands.Target(0, type);
            return array.IsDynamic
                ? type.Bytes == 4 ? new DynamicAddress<uint>(target) : new DynamicAddress<ulong>(target)
                : Copy(type, target, operands.Kernel.ImmediatePlace((ulong)array.Offset, type.Bytes));
        }
        return Copy(type, operands.Target(0, type), operands.Source(1, type));
    }

    private static Instruction Copy(PtxType type, int d, int a) =>
        type.Bytes == 8 ? new Unary<ulong, Same>(d, a) : new Unary<uint, Same>(d, a);

    /// <summary><c>mov.b64 d, {low, high}</c>.</summary>
    private static Pack DecodePacking(Opcode opcode, Operands operands, PtxType type, int count)
    {
        PtxType part = PartOf(opcode, type, count);
        return new Pack(operands.Target(0, type), operands.Sources(1, part, count), part.Bytes, type.Bytes);
    }

    private static Unpack DecodeUnpacking(Opcode opcode, Operands operands, PtxType type, int count)
    {
        PtxType part = PartOf(opcode, type, count);
        return new Unpack(operands.Targets(0, part, count), operands.Source(1, type), part.Bytes, type.Bytes);
    }

    private static PtxType PartOf(Opcode opcode, PtxType type, int count) => (type.Name, count) switch
    {
        ("b32", 2) or ("b64", 4) => PtxType.B16,
        ("b64", 2) => PtxType.B32,
        _ => throw opcode.Error($"{type} has no {count} parts; .b32 has 2, .b64 2 or 4"),
    };

    private static Instruction DecodeSelection(Opcode opcode, Operands operands)
    {
        PtxType type = opcode.Type("b16", "u16", "s16", "b32", "u32", "s32", "f32", "b64", "u64", "s64", "f64");
        operands.Expect(4);
        int d = operands.Target(0, type), a = operands.Source(1, type), b = operands.Source(2, type);
        (int predicate, bool isNegated) = operands.Predicate(3);
        if (isNegated)
            (a, b) = (b, a);
        return type.Bytes == 8 ? new Select<ulong>(d, a, b, predicate) : new Select<uint>(d, a, b, predicate);
    }

    /// <summary>Generic addresses of shared memory lie in a window; those of global memory are the same.</summary>
    private static Instruction DecodeAddress(Opcode opcode, Operands operands)
    {
        bool isTo = opcode.Has("to");
        string space = opcode.OneOf("global", "shared", "const", "param");
        PtxType type = opcode.Type("u64", "u32");
        if (type.Bytes == 4)
            throw opcode.Error("a module of 64-bit addresses converts them as .u64");
        operands.Expect(2);
        int d = operands.Target(0, type);
        int a = operands.Source(1, type);
        if (space is "const" or "param")
            throw opcode.Error($".{space} memory is read by 'ld.{space}' only here");
        if (space == "global")
            return Copy(type, d, a);
        return isTo
            ? new EachLane<ulong, ulong>(d, a, static address => address - DeviceMemory.SharedWindow)
            : new EachLane<ulong, ulong>(d, a, static address => address + DeviceMemory.SharedWindow);
    }

    private readonly struct Same : IUnary
    {
        public static System.Runtime.Intrinsics.Vector512<T> Apply<T>(System.Runtime.Intrinsics.Vector512<T> a) => a;
    }
}

internal sealed class SetPredicate(int target, bool value) : Instruction
{
    public override void Run(Warp warp, uint lanes) => warp.SetPredicate(target, value ? Lanes.All : 0, lanes);
}

/// <summary>Where the shared memory begins whose size the launch decides.</summary>
internal sealed unsafe class DynamicAddress<T>(int target) : Instruction
    where T : unmanaged, System.Numerics.INumberBase<T>
{
    public override void Run(Warp warp, uint lanes)
    {
        while (lanes != 0)
            warp.Values<T>(target)[Lanes.Next(ref lanes)] = T.CreateChecked(warp.Block.DynamicSharedOffset);
    }
}

internal sealed unsafe class Select<T>(int target, int a, int b, int predicate) : Instruction
    where T : unmanaged
{
    public override void Run(Warp warp, uint lanes)
    {
        uint chosen = warp.Predicates[predicate];
        T* result = warp.Values<T>(target), x = warp.Values<T>(a), y = warp.Values<T>(b);
        while (lanes != 0)
        {
            int lane = Lanes.Next(ref lanes);
            result[lane] = (chosen >> lane & 1) != 0 ? x[lane] : y[lane];
        }
    }
}

internal sealed unsafe class Pack(int target, int[] parts, int partBytes, int bytes) : Instruction
{
    public override void Run(Warp warp, uint lanes)
    {
        while (lanes != 0)
        {
            int lane = Lanes.Next(ref lanes);
            ulong value = 0;
            for (int i = 0; i < parts.Length; i++)
                value |= (ulong)(partBytes == 4 ? warp.Words(parts[i])[lane] : (ushort)warp.Words(parts[i])[lane]) << (8 * partBytes * i);
            if (bytes == 8)
                warp.Values<ulong>(target)[lane] = value;
            else
                warp.Words(target)[lane] = (uint)value;
        }
    }
}

internal sealed unsafe class Unpack(int[] targets, int source, int partBytes, int bytes) : Instruction
{
    public override void Run(Warp warp, uint lanes)
    {
        while (lanes != 0)
        {
            int lane = Lanes.Next(ref lanes);
            ulong value = bytes == 8 ? warp.Values<ulong>(source)[lane] : warp.Words(source)[lane];
            for (int i = 0; i < targets.Length; i++)
            {
                ulong part = value >> (8 * partBytes * i);
                warp.Words(targets[i])[lane] = partBytes == 4 ? (uint)part : (ushort)part;
            }
        }
    }
}
