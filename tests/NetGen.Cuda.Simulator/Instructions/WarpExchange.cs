using System.Numerics;
using NetGen.Cuda.Simulator.Machine;
using NetGen.Cuda.Simulator.Ptx;

namespace NetGen.Cuda.Simulator.Instructions;

/// <summary>Lanes of a warp that look at one another: <c>shfl</c>, <c>vote</c>, <c>redux</c>, <c>activemask</c>.</summary>
internal static class WarpExchange
{
    public static Instruction Decode(Opcode opcode, Operands operands)
    {
        if (opcode.Name == "activemask")
        {
            throw opcode.Error("which lanes are together is the hardware's choice; say which lanes take part instead");
        }
        opcode.Expect("sync");
        return opcode.Name switch
        {
            "shfl" => DecodeShuffle(opcode, operands),
            "vote" => DecodeVote(opcode, operands),
            _ => DecodeReduction(opcode, operands),
        };
    }

    private static Shuffle DecodeShuffle(Opcode opcode, Operands operands)
    {
        string mode = opcode.OneOf("up", "down", "bfly", "idx");
        PtxType type = opcode.Type("b32");
        operands.Expect(5);
        (int target, int predicate) = operands.TargetAndPredicate(0, type);
        return new Shuffle(target, predicate, operands.Source(1, type), operands.Source(2, type), operands.Source(3, type),
            operands.Source(4, type), mode);
    }

    private static Vote DecodeVote(Opcode opcode, Operands operands)
    {
        string mode = opcode.OneOf("all", "any", "uni", "ballot");
        bool isBallot = mode == "ballot";
        PtxType type = opcode.Type(isBallot ? "b32" : "pred");
        operands.Expect(3);
        int target = isBallot ? operands.Target(0, type) : operands.PredicateTarget(0);
        (int source, bool isNegated) = operands.Predicate(1);
        return new Vote(target, source, isNegated, operands.Source(2, PtxType.B32), mode);
    }

    private static Reduction DecodeReduction(Opcode opcode, Operands operands)
    {
        string operation = opcode.OneOf("add", "min", "max", "and", "or", "xor");
        PtxType type = operation is "and" or "or" or "xor" ? opcode.Type("b32") : opcode.Type("u32", "s32");
        operands.Expect(3);
        return new Reduction(operands.Target(0, type), operands.Source(1, type), operands.Source(2, PtxType.B32), operation, type.IsSigned);
    }
}

internal sealed unsafe class Shuffle(int target, int predicate, int source, int by, int bounds, int members, string mode) : Instruction
{
    public override void Run(Warp warp, uint lanes)
    {
        warp.CheckMembers(warp.Words(members), lanes);
        uint* results = stackalloc uint[32];
        uint inside = 0;
        for (uint rest = lanes; rest != 0;)
        {
            int lane = Lanes.Next(ref rest);
            uint clamp = warp.Words(bounds)[lane], offset = warp.Words(by)[lane] & 31;
            // The upper bits of the bounds say which bits of the lane name its segment.
            int segment = (int)(clamp >> 8 & 31), last = (lane & segment) | ((int)clamp & 31 & ~segment), first = lane & segment;
            (int from, bool isInside) = mode switch
            {
                "up" => (lane - (int)offset, lane - (int)offset >= last),
                "down" => (lane + (int)offset, lane + (int)offset <= last),
                "bfly" => (lane ^ (int)offset, (lane ^ (int)offset) <= last),
                _ => (first | ((int)offset & ~segment), (first | ((int)offset & ~segment)) <= last),
            };
            if (!isInside)
                from = lane;
            if ((lanes >> from & 1) == 0)
                throw new KernelFault(FaultKind.Divergence, $"lane {lane} asks for the value of lane {from}, which does not take part");
            results[lane] = warp.Words(source)[from];
            inside |= (isInside ? 1u : 0) << lane;
        }
        for (uint rest = lanes; rest != 0;)
        {
            int lane = Lanes.Next(ref rest);
            warp.Words(target)[lane] = results[lane];
        }
        if (predicate >= 0)
            warp.SetPredicate(predicate, inside, lanes);
    }
}

internal sealed unsafe class Vote(int target, int source, bool isNegated, int members, string mode) : Instruction
{
    public override void Run(Warp warp, uint lanes)
    {
        warp.CheckMembers(warp.Words(members), lanes);
        uint votes = (isNegated ? ~warp.Predicates[source] : warp.Predicates[source]) & lanes;
        if (mode == "ballot")
        {
            for (uint rest = lanes; rest != 0;)
                warp.Words(target)[Lanes.Next(ref rest)] = votes;
            return;
        }
        bool result = mode switch { "all" => votes == lanes, "any" => votes != 0, _ => votes == lanes || votes == 0 };
        warp.SetPredicate(target, result ? Lanes.All : 0, lanes);
    }
}

internal sealed unsafe class Reduction(int target, int source, int members, string operation, bool isSigned) : Instruction
{
    public override void Run(Warp warp, uint lanes)
    {
        warp.CheckMembers(warp.Words(members), lanes);
        uint* values = warp.Words(source);
        uint result = values[BitOperations.TrailingZeroCount(lanes)];
        for (uint rest = lanes & (lanes - 1); rest != 0;)
        {
            uint value = values[Lanes.Next(ref rest)];
            result = operation switch
            {
                "add" => result + value,
                "min" => isSigned ? (uint)Math.Min((int)result, (int)value) : Math.Min(result, value),
                "max" => isSigned ? (uint)Math.Max((int)result, (int)value) : Math.Max(result, value),
                "and" => result & value,
                "or" => result | value,
                _ => result ^ value,
            };
        }
        for (uint rest = lanes; rest != 0;)
            warp.Words(target)[Lanes.Next(ref rest)] = result;
    }
}
