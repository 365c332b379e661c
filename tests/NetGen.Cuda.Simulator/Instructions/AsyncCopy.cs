using NetGen.Cuda.Simulator.Machine;
using NetGen.Cuda.Simulator.Ptx;

namespace NetGen.Cuda.Simulator.Instructions;

/// <summary>
/// <c>cp.async</c>: copies to shared memory that arrive as late as they may, when a wait asks for them. Until then nobody may look at the
/// place, and behind the wait only the thread that copied, until a barrier.
/// </summary>
internal static class AsyncCopy
{
    public static Instruction Decode(Opcode opcode, Operands operands)
    {
        opcode.Expect("async");
        if (operands.Kernel.Kernel.Module.Target < 80)
            throw opcode.Error($"needs .target sm_80, and the module's is sm_{operands.Kernel.Kernel.Module.Target}");
        switch (opcode.Next)
        {
            case "commit_group":
                opcode.Has("commit_group");
                operands.Expect(0);
                return new CommitGroup();
            case "wait_all":
                opcode.Has("wait_all");
                operands.Expect(0);
                return new WaitGroup(0, alsoOpen: true);
            case "wait_group":
                opcode.Has("wait_group");
                operands.Expect(1);
                long count = operands.Immediate(0);
                return count >= 0 ? new WaitGroup((int)count, alsoOpen: false) : throw opcode.Error("a count of groups is not negative");
        }
        bool isGlobalOnly = opcode.OneOf("ca", "cg") == "cg";
        opcode.Expect("shared");
        opcode.Expect("global");
        operands.Expect(3, 4);
        MemoryOperand to = operands.Address(0, MemorySpace.Shared), from = operands.Address(1, MemorySpace.Global);
        long bytes = operands.Immediate(2);
        if (isGlobalOnly ? bytes != 16 : bytes is not (4 or 8 or 16))
            throw opcode.Error(isGlobalOnly ? $"copies 16 bytes, not {bytes}" : $"copies 4, 8 or 16 bytes, not {bytes}");
        int given = operands.Count > 3 ? operands.Source(3, PtxType.U32) : -1;
        return new StartCopy(to, from, (int)bytes, given);
    }
}

internal sealed unsafe class StartCopy(MemoryOperand to, MemoryOperand from, int bytes, int given) : Instruction
{
    public override void Run(Warp warp, uint lanes)
    {
        ulong* targets = stackalloc ulong[32], sources = stackalloc ulong[32];
        warp.FindAddresses(to, lanes, targets);
        warp.FindAddresses(from, lanes, sources);
        warp.Block.Count(MemorySpace.Global, sources, lanes, bytes);
        while (lanes != 0)
        {
            int lane = Lanes.Next(ref lanes);
            int read = given < 0 ? bytes : (int)warp.Words(given)[lane];
            if (read < 0 || read > bytes)
                throw new KernelFault(FaultKind.Bounds, $"lane {lane} copies {read} of {bytes} bytes");
            warp.Block.Access(warp, lane, MemorySpace.Shared, targets[lane], bytes, AccessKind.StartCopy);
            byte[] data = new byte[bytes];
            if (read > 0)
            {
                if (sources[lane] % (ulong)bytes != 0)
                    throw new KernelFault(FaultKind.Alignment,
                        $"lane {lane} copies {bytes} bytes from {sources[lane]:X}, which is no multiple");
                byte* source = warp.Block.Access(warp, lane, MemorySpace.Global, sources[lane], read, AccessKind.Read,
                    checkAlignment: false);
                new ReadOnlySpan<byte>(source, read).CopyTo(data);
            }
            warp.Copies.Start(lane, (int)targets[lane], data);
        }
    }
}

internal sealed class CommitGroup : Instruction
{
    public override void Run(Warp warp, uint lanes)
    {
        while (lanes != 0)
            warp.Copies.Commit(Lanes.Next(ref lanes));
    }
}

internal sealed class WaitGroup(int open, bool alsoOpen) : Instruction
{
    public override void Run(Warp warp, uint lanes)
    {
        while (lanes != 0)
            warp.Copies.Wait(Lanes.Next(ref lanes), open, alsoOpen);
    }
}
