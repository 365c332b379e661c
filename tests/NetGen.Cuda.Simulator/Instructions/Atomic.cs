using System.Numerics;
using NetGen.Cuda.Simulator.Machine;
using NetGen.Cuda.Simulator.Ptx;

namespace NetGen.Cuda.Simulator.Instructions;

/// <summary><c>atom</c> and <c>red</c> of integers. Those of floats are refused: their sums depend on which block comes first.</summary>
internal static class Atomic
{
    public static Instruction Decode(Opcode opcode, Operands operands)
    {
        bool hasResult = opcode.Name == "atom";
        if (!opcode.Has("relaxed"))
            opcode.Has("acq_rel");
        if (opcode.Next is "cta" or "gpu" or "sys")
            opcode.OneOf("cta", "gpu", "sys");
        MemorySpace space = MemoryAccess.ReadSpace(opcode);
        if (space is MemorySpace.Constant or MemorySpace.Parameter)
            throw opcode.Error("constants and parameters cannot be written");
        string operation = opcode.OneOf("add", "min", "max", "and", "or", "xor", "exch", "cas", "inc", "dec");
        if (opcode.Next is "f32" or "f64" or "f16" or "f16x2" or "noftz")
            throw opcode.Error("a sum of floats by atomics has the order in which blocks happen to run, and no two runs need be alike");
        PtxType type = operation switch
        {
            "and" or "or" or "xor" or "exch" or "cas" => opcode.Type("b32", "b64"),
            "inc" or "dec" => opcode.Type("u32"),
            "add" => opcode.Type("u32", "s32", "u64"),
            _ => opcode.Type("u32", "s32", "u64", "s64"),
        };
        if (!hasResult && operation is "exch" or "cas")
            throw opcode.Error($"'red' has no '.{operation}'");
        int first = hasResult ? 1 : 0;
        operands.Expect(first + (operation == "cas" ? 3 : 2));
        int target = hasResult ? operands.Target(0, type) : -1;
        MemoryOperand memory = operands.Address(first, space);
        int a = operands.Source(first + 1, type), b = operation == "cas" ? operands.Source(first + 2, type) : a;
        return type.Name switch
        {
            "s32" => new AtomicOperation<int>(target, memory, a, b, Operation<int>(operation)),
            "u32" or "b32" => new AtomicOperation<uint>(target, memory, a, b, Operation<uint>(operation)),
            "s64" => new AtomicOperation<long>(target, memory, a, b, Operation<long>(operation)),
            _ => new AtomicOperation<ulong>(target, memory, a, b, Operation<ulong>(operation)),
        };
    }

    /// <summary>What is stored, of what was there and the operands.</summary>
    private static Func<T, T, T, T> Operation<T>(string name)
        where T : IBinaryInteger<T> => name switch
        {
            "add" => static (old, a, _) => unchecked(old + a),
            "min" => static (old, a, _) => T.Min(old, a),
            "max" => static (old, a, _) => T.Max(old, a),
            "and" => static (old, a, _) => old & a,
            "or" => static (old, a, _) => old | a,
            "xor" => static (old, a, _) => old ^ a,
            "exch" => static (_, a, _) => a,
            "cas" => static (old, a, b) => old == a ? b : old,
            "inc" => static (old, a, _) => old >= a ? T.Zero : old + T.One,
            _ => static (old, a, _) => old == T.Zero || old > a ? a : old - T.One,
        };
}

internal sealed unsafe class AtomicOperation<T>(int target, MemoryOperand memory, int a, int b, Func<T, T, T, T> operation) : Instruction
    where T : unmanaged
{
    public override void Run(Warp warp, uint lanes)
    {
        ulong* addresses = stackalloc ulong[32];
        warp.FindAddresses(memory, lanes, addresses);
        warp.Block.Count(memory.Space, addresses, lanes, sizeof(T));
        while (lanes != 0)
        {
            int lane = Lanes.Next(ref lanes);
            T* place = (T*)warp.Block.Access(warp, lane, memory.Space, addresses[lane], sizeof(T), AccessKind.Atomic);
            T old = *place;
            *place = operation(old, warp.Values<T>(a)[lane], warp.Values<T>(b)[lane]);
            if (target >= 0)
                warp.Values<T>(target)[lane] = old;
        }
    }
}

/// <summary><c>membar</c> and <c>fence</c>: order the accesses of one thread, which are in order here.</summary>
internal sealed class Fence : Instruction
{
    public static Instruction Decode(Opcode opcode, Operands operands)
    {
        if (opcode.Name == "membar")
        {
            opcode.OneOf("cta", "gl", "sys");
        }
        else
        {
            if (opcode.Next is "sc" or "acq_rel")
                opcode.OneOf("sc", "acq_rel");
            opcode.OneOf("cta", "gpu", "sys");
        }
        operands.Expect(0);
        return new Fence();
    }

    public override void Run(Warp warp, uint lanes)
    {
    }
}
