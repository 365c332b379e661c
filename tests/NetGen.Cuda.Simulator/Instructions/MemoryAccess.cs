using NetGen.Cuda.Simulator.Machine;
using NetGen.Cuda.Simulator.Ptx;

namespace NetGen.Cuda.Simulator.Instructions;

/// <summary><c>ld</c> and <c>st</c>.</summary>
internal static class MemoryAccess
{
    private static readonly string[] s_types =
        ["b8", "u8", "s8", "b16", "u16", "s16", "b32", "u32", "s32", "f32", "b64", "u64", "s64", "f64"];

    public static Instruction Decode(Opcode opcode, Operands operands)
    {
        bool isLoad = opcode.Name == "ld";
        if (!opcode.Has("weak"))
            opcode.Has("volatile");
        MemorySpace space = ReadSpace(opcode);
        // Where the value is cached changes nothing here.
        if (isLoad && opcode.Next is "ca" or "cg" or "cs" or "lu" or "cv")
            opcode.OneOf("ca", "cg", "cs", "lu", "cv");
        else if (!isLoad && opcode.Next is "wb" or "cg" or "cs" or "wt")
            opcode.OneOf("wb", "cg", "cs", "wt");
        bool isConstant = isLoad && opcode.Has("nc");
        if (isConstant && space != MemorySpace.Global)
            throw opcode.Error("'.nc' is for .global memory");
        int count = opcode.Has("v2") ? 2 : opcode.Has("v4") ? 4 : 1;
        PtxType type = opcode.Type(s_types);
        if (count * type.Bytes > 16)
            throw opcode.Error($"{count} of {type} are more than the 16 bytes of an access");
        operands.Expect(2);
        int registers = isLoad ? 0 : 1, address = 1 - registers, laneBytes = operands.LaneBytes(registers, type);
        MemoryOperand memory = operands.Address(address, space);
        if (isLoad)
        {
            int[] targets = operands.Targets(0, type, count, mayBeWider: true);
            return space == MemorySpace.Parameter
                ? LoadOfParameter(opcode, operands, memory, type, targets, laneBytes)
                : new Load(targets, laneBytes, memory, type, isConstant ? AccessKind.ReadConstant : AccessKind.Read);
        }
        if (space is MemorySpace.Parameter or MemorySpace.Constant)
            throw opcode.Error("parameters and constants cannot be written");
        return new Store(operands.Sources(1, type, count, mayBeWider: true), laneBytes, memory, type.Bytes);
    }

    public static MemorySpace ReadSpace(Opcode opcode)
    {
        if (opcode.Has("global"))
            return MemorySpace.Global;
        if (opcode.Has("shared"))
            return MemorySpace.Shared;
        if (opcode.Has("const"))
            return MemorySpace.Constant;
        if (opcode.Has("param"))
            return MemorySpace.Parameter;
        return opcode.Next == "local"
            ? throw opcode.Error(".local memory is not simulated: a kernel of ours keeps what is its own in registers")
            : MemorySpace.Generic;
    }

    private static LoadParameter LoadOfParameter(
        Opcode opcode, Operands operands, MemoryOperand memory, PtxType type, int[] targets, int laneBytes)
    {
        if (memory.Place >= 0)
            throw opcode.Error("a parameter is read by its name");
        int end = operands.Kernel.Kernel.ParameterBytes, size = type.Bytes * targets.Length;
        if (memory.Offset < 0 || memory.Offset + size > end)
            throw opcode.Error($"reads bytes {memory.Offset} to {memory.Offset + size - 1} of the parameters, which have {end}");
        if (memory.Offset % size != 0)
            throw opcode.Error($"reads {size} bytes at {memory.Offset} of the parameters, which is no multiple");
        return new LoadParameter(targets, laneBytes, (int)memory.Offset, type);
    }
}

/// <summary>Puts a number that was read from memory into a register.</summary>
internal static unsafe class LoadedValue
{
    public static void Store(Warp warp, int target, int laneBytes, int lane, byte* from, PtxType type)
    {
        ulong value = (type.Bytes, type.IsSigned) switch
        {
            (1, true) => (ulong)*(sbyte*)from,
            (1, _) => *from,
            (2, true) => (ulong)*(short*)from,
            (2, _) => *(ushort*)from,
            (4, true) => (ulong)*(int*)from,
            (4, _) => *(uint*)from,
            _ => *(ulong*)from,
        };
        if (laneBytes == 8)
            warp.Values<ulong>(target)[lane] = value;
        else
            warp.Words(target)[lane] = (uint)value;
    }
}

internal sealed unsafe class LoadParameter(int[] targets, int laneBytes, int offset, PtxType type) : Instruction
{
    public override void Run(Warp warp, uint lanes)
    {
        while (lanes != 0)
        {
            int lane = Lanes.Next(ref lanes);
            for (int i = 0; i < targets.Length; i++)
                LoadedValue.Store(warp, targets[i], laneBytes, lane, warp.Block.Parameters + offset + i * type.Bytes, type);
        }
    }
}

internal sealed unsafe class Load(int[] targets, int laneBytes, MemoryOperand memory, PtxType type, AccessKind kind) : Instruction
{
    private readonly int _bytes = type.Bytes * targets.Length;

    public override void Run(Warp warp, uint lanes)
    {
        ulong* addresses = stackalloc ulong[32];
        warp.FindAddresses(memory, lanes, addresses);
        warp.Block.Count(memory.Space, addresses, lanes, _bytes);
        while (lanes != 0)
        {
            int lane = Lanes.Next(ref lanes);
            byte* from = warp.Block.Access(warp, lane, memory.Space, addresses[lane], _bytes, kind);
            for (int i = 0; i < targets.Length; i++)
            {
                if (type.Bytes == 4 && laneBytes == 4)
                    warp.Words(targets[i])[lane] = ((uint*)from)[i];
                else
                    LoadedValue.Store(warp, targets[i], laneBytes, lane, from + i * type.Bytes, type);
            }
        }
    }
}

internal sealed unsafe class Store(int[] sources, int laneBytes, MemoryOperand memory, int elementBytes) : Instruction
{
    private readonly int _bytes = elementBytes * sources.Length;

    public override void Run(Warp warp, uint lanes)
    {
        ulong* addresses = stackalloc ulong[32];
        warp.FindAddresses(memory, lanes, addresses);
        warp.Block.Count(memory.Space, addresses, lanes, _bytes);
        while (lanes != 0)
        {
            int lane = Lanes.Next(ref lanes);
            byte* to = warp.Block.Access(warp, lane, memory.Space, addresses[lane], _bytes, AccessKind.Write);
            for (int i = 0; i < sources.Length; i++)
            {
                ulong value = laneBytes == 8 ? warp.Values<ulong>(sources[i])[lane] : warp.Words(sources[i])[lane];
                switch (elementBytes)
                {
                    case 8:
                        ((ulong*)to)[i] = value;
                        break;
                    case 4:
                        ((uint*)to)[i] = (uint)value;
                        break;
                    case 2:
                        ((ushort*)to)[i] = (ushort)value;
                        break;
                    default:
                        to[i] = (byte)value;
                        break;
                }
            }
        }
    }
}
