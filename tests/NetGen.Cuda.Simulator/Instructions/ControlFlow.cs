using NetGen.Cuda.Simulator.Machine;
using NetGen.Cuda.Simulator.Ptx;

namespace NetGen.Cuda.Simulator.Instructions;

/// <summary>Branches, ends, barriers, and what concerns the kernel before and behind in a stream.</summary>
internal static class ControlFlow
{
    public static Instruction Decode(Opcode opcode, Operands operands)
    {
        switch (opcode.Name)
        {
            case "bra":
                opcode.Has("uni");
                operands.Expect(1);
                var branch = new Branch();
                operands.Kernel.AddBranch(branch, operands.Label(0), operands.Line);
                return branch;
            case "ret":
                opcode.Has("uni");
                operands.Expect(0);
                return new Exit();
            case "exit":
                operands.Expect(0);
                return new Exit();
            case "trap":
                operands.Expect(0);
                return new Trap();
            case "griddepcontrol":
                return DecodeGridDependency(opcode, operands);
            default:
                return DecodeBarrier(opcode, operands);
        }
    }

    private static Instruction DecodeBarrier(Opcode opcode, Operands operands)
    {
        if (opcode.Has("warp"))
        {
            opcode.Expect("sync");
            operands.Expect(1);
            return new WarpBarrier(operands.Source(0, PtxType.B32));
        }
        opcode.Has("cta");
        string vote = "";
        if (opcode.Has("red"))
            vote = opcode.OneOf("and", "or");
        else
            opcode.Expect("sync");
        // Without .aligned each warp may arrive lane by lane, which this machine does not tell apart.
        if (opcode.Name == "barrier")
            opcode.Expect("aligned");
        int place = vote.Length > 0 ? 1 : 0;
        if (vote.Length > 0)
            opcode.Expect("pred");
        operands.Expect(1 + 2 * place);
        int target = vote.Length > 0 ? operands.PredicateTarget(0) : -1;
        long number = operands.Immediate(place);
        if (number is < 0 or > 15)
            throw opcode.Error($"a block has the barriers 0 to 15, and no {number}");
        if (vote.Length == 0)
            return new BlockBarrier((int)number, null);
        (int source, bool isNegated) = operands.Predicate(2);
        return new BlockBarrier((int)number, new BlockVote(target, source, isNegated, IsAnd: vote == "and"));
    }

    private static GridDependency DecodeGridDependency(Opcode opcode, Operands operands)
    {
        if (operands.Kernel.Kernel.Module.Target < 90)
            throw opcode.Error($"needs .target sm_90, and the module's is sm_{operands.Kernel.Kernel.Module.Target}");
        operands.Expect(0);
        return new GridDependency(isWait: opcode.OneOf("wait", "launch_dependents") == "wait");
    }
}

/// <summary>Lanes of one warp see what the others wrote before.</summary>
internal sealed unsafe class WarpBarrier(int members) : Instruction
{
    public override void Run(Warp warp, uint lanes)
    {
        warp.CheckMembers(warp.Words(members), lanes);
        warp.Synchronize();
    }
}

/// <summary>Stops with an error.</summary>
internal sealed class Trap : Instruction
{
    public override void Run(Warp warp, uint lanes) => throw new KernelFault(FaultKind.Trap, "the kernel stops itself");
}

/// <summary>
/// <c>griddepcontrol</c>: what a kernel that is launched early does before it reads what the one before it wrote. Kernels run one behind
/// the other here; a launch that asks to begin early is checked to wait (see <see cref="Block"/>).
/// </summary>
internal sealed class GridDependency(bool isWait) : Instruction
{
    public override void Run(Warp warp, uint lanes)
    {
        if (isWait)
            warp.HasWaitedForGrid = true;
    }
}
