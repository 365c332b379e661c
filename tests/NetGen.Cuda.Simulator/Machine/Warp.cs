using System.Runtime.InteropServices;
using NetGen.Cuda.Simulator.Instructions;
using NetGen.Cuda.Simulator.Ptx;

namespace NetGen.Cuda.Simulator.Machine;

/// <summary>
/// 32 threads. Lanes that stand at different places are groups; the one furthest back runs first, so that groups meet again where their
/// paths join.
/// </summary>
internal sealed unsafe class Warp : IDisposable
{
    private readonly byte* _registers;
    private readonly uint[] _known;
    private readonly PtxKernel _kernel;
    private readonly uint _lanes;
    private readonly List<(int Next, uint Lanes)> _groups = [];

    public Warp(Block block, PtxKernel kernel, int number, int lanes)
    {
        (Block, _kernel, Number) = (block, kernel, number);
        _lanes = lanes == 32 ? Instructions.Lanes.All : (1u << lanes) - 1;
        _registers = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(128, kernel.RegisterBytes), 128);
        _known = new uint[kernel.RegisterCount];
        Predicates = new uint[kernel.PredicateCount];
        Copies = new PendingCopies(this);
        foreach ((int place, int bytes, ulong bits) in kernel.Immediates)
        {
            if (bytes == 8)
                new Span<ulong>(_registers + place, 32).Fill(bits);
            else
                new Span<uint>(_registers + place, 32).Fill((uint)bits);
        }
    }

    public Block Block { get; }

    public int Number { get; }

    public uint[] Predicates { get; }

    public PendingCopies Copies { get; }

    /// <summary>Whether all lanes have ended.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The barrier it waits at; null for none.</summary>
    public BlockBarrier? Barrier { get; private set; }

    /// <summary>The lanes that wait there.</summary>
    private uint _waiting;

    /// <summary>How often its lanes have waited for one another.</summary>
    public int Epoch { get; private set; }

    /// <summary>Whether it has waited for the kernel before, where kernels may begin early.</summary>
    public bool HasWaitedForGrid { get; set; }

    public T* Values<T>(int place)
        where T : unmanaged => (T*)(_registers + place);

    public uint* Words(int place) => (uint*)(_registers + place);

    public void SetPredicate(int place, uint value, uint lanes) => Predicates[place] = (Predicates[place] & ~lanes) | (value & lanes);

    public void Synchronize() => Epoch++;

    public void Start((int X, int Y, int Z) at, LaunchShape shape)
    {
        IsDone = HasWaitedForGrid = false;
        Barrier = null;
        Epoch = 0;
        _groups.Clear();
        _groups.Add((0, _lanes));
        Copies.Clear();
        Array.Clear(_known);
        foreach ((string name, int place) in _kernel.SpecialRegisters)
        {
            for (int lane = 0; lane < 32; lane++)
                Words(place)[lane] = SpecialRegister(name, lane, at, shape);
        }
    }

    private uint SpecialRegister(string name, int lane, (int X, int Y, int Z) at, LaunchShape shape)
    {
        (int X, int Y, int Z) block = shape.Block;
        int thread = Number * 32 + lane;
        return name switch
        {
            "%tid.x" => (uint)(thread % block.X),
            "%tid.y" => (uint)(thread / block.X % block.Y),
            "%tid.z" => (uint)(thread / block.X / block.Y),
            "%ntid.x" => (uint)block.X,
            "%ntid.y" => (uint)block.Y,
            "%ntid.z" => (uint)block.Z,
            "%ctaid.x" => (uint)at.X,
            "%ctaid.y" => (uint)at.Y,
            "%ctaid.z" => (uint)at.Z,
            "%nctaid.x" => (uint)shape.Grid.X,
            "%nctaid.y" => (uint)shape.Grid.Y,
            "%nctaid.z" => (uint)shape.Grid.Z,
            "%laneid" => (uint)lane,
            "%warpid" => (uint)Number,
            "%lanemask_eq" => 1u << lane,
            "%lanemask_lt" => (1u << lane) - 1,
            "%lanemask_le" => (uint)((2ul << lane) - 1),
            "%lanemask_gt" => ~(uint)((2ul << lane) - 1),
            "%lanemask_ge" => ~((1u << lane) - 1),
            _ => throw new InvalidOperationException($"The special register {name} has no value."),
        };
    }

    /// <summary>Checks that the lanes which an instruction names are those that are at it.</summary>
    public void CheckMembers(uint* members, uint lanes)
    {
        for (uint rest = lanes; rest != 0;)
        {
            int lane = Instructions.Lanes.Next(ref rest);
            // Lanes that a block does not have may be named; lanes that have ended may not.
            uint named = members[lane] & _lanes;
            if (named != lanes)
                throw new KernelFault(FaultKind.Divergence, $"the lanes {named:X8} are named, and the lanes {lanes:X8} are there");
        }
    }

    /// <summary>Checks that all 32 lanes are there.</summary>
    public void CheckWhole(uint lanes)
    {
        if (lanes != Instructions.Lanes.All)
            throw new KernelFault(FaultKind.Divergence, $"all lanes of a warp must be at it, and the lanes {lanes:X8} are");
    }

    /// <summary>The address of each lane.</summary>
    public void FindAddresses(in MemoryOperand memory, uint lanes, ulong* addresses)
    {
        long offset = memory.Offset + (memory.FromDynamic ? Block.DynamicSharedOffset : 0);
        while (lanes != 0)
        {
            int lane = Instructions.Lanes.Next(ref lanes);
            addresses[lane] = memory.IsWide
                ? Values<ulong>(memory.Place)[lane] + (ulong)offset
                : (uint)(Words(memory.Place)[lane] + offset);
        }
    }

    /// <summary>Runs to the next barrier or to the end.</summary>
    public void Run(Statistics statistics, ref long budget)
    {
        while (_groups.Count > 0)
        {
            (int next, uint lanes, int until) = TakeGroup();
            if (RunGroup(next, lanes, until, statistics, ref budget))
                return;
        }
        IsDone = true;
    }

    /// <summary>The group furthest back with all that are at the same place, and where the next group stands.</summary>
    private (int Next, uint Lanes, int Until) TakeGroup()
    {
        int next = int.MaxValue, until = int.MaxValue;
        foreach ((int place, _) in _groups)
            next = Math.Min(next, place);
        uint lanes = 0;
        for (int i = _groups.Count - 1; i >= 0; i--)
        {
            if (_groups[i].Next == next)
            {
                lanes |= _groups[i].Lanes;
                _groups.RemoveAt(i);
            }
            else
            {
                until = Math.Min(until, _groups[i].Next);
            }
        }
        return (next, lanes, until);
    }

    /// <summary>Runs a group until it reaches where another one stands, parts, ends, or comes to a barrier.</summary>
    /// <returns>Whether the warp waits at a barrier.</returns>
    private bool RunGroup(int next, uint lanes, int until, Statistics statistics, ref long budget)
    {
        Instruction[] code = _kernel.Instructions;
        while (true)
        {
            if (next >= until)
            {
                _groups.Add((next, lanes));
                return false;
            }
            Instruction instruction = code[next];
            statistics.Instructions++;
            if (--budget < 0)
                throw Locate(instruction, new KernelFault(FaultKind.Deadlock, "the kernel does not end"));
            try
            {
                uint active = Active(instruction, lanes);
                switch (instruction)
                {
                    case Branch branch:
                        if ((lanes & ~active) is var others and not 0 && active != 0)
                        {
                            _groups.Add((branch.Target, active));
                            _groups.Add((next + 1, others));
                            return false;
                        }
                        next = active != 0 ? branch.Target : next + 1;
                        continue;
                    case Exit:
                        lanes &= ~active;
                        if (lanes == 0)
                            return false;
                        break;
                    case BlockBarrier barrier:
                        StopAt(barrier, active, lanes);
                        _groups.Add((next + 1, lanes));
                        return true;
                    default:
                        RunPlain(instruction, active, statistics);
                        break;
                }
            }
            catch (KernelFault fault)
            {
                throw Locate(instruction, fault);
            }
            next++;
        }
    }

    /// <summary>The lanes whose guard lets them take part.</summary>
    private uint Active(Instruction instruction, uint lanes)
    {
        uint active = lanes;
        if (instruction.Guard >= 0)
            active &= instruction.IsGuardNegated ? ~Predicates[instruction.Guard] : Predicates[instruction.Guard];
        if (Block.HasChecks)
        {
            foreach (int register in instruction.Reads)
            {
                // A guard is read by all lanes; a register by those that take part. Guards come first.
                uint readers = register == instruction.Reads[0] && instruction.Guard >= 0 ? lanes : active;
                if ((readers & ~_known[register]) is var missing and not 0)
                    throw new KernelFault(FaultKind.Uninitialized, $"a register has no value yet in the lanes {missing:X8}");
            }
        }
        return active;
    }

    private void RunPlain(Instruction instruction, uint active, Statistics statistics)
    {
        if (active == 0)
            return;
        instruction.Run(this, active);
        foreach (int register in instruction.Writes)
            _known[register] |= active;
        if (instruction.Kind == InstructionKind.Fma)
            statistics.FusedMultiplyAdds++;
        else if (instruction.Kind == InstructionKind.Matrix)
            statistics.MatrixProducts++;
    }

    private void StopAt(BlockBarrier barrier, uint active, uint lanes)
    {
        if (_groups.Count > 0 || active != lanes)
        {
            throw new KernelFault(FaultKind.Divergence,
                $"the lanes {active:X8} of warp {Number} come to a barrier without the others that are still running");
        }
        (Barrier, _waiting) = (barrier, lanes);
    }

    /// <summary>What the waiting lanes say together.</summary>
    public bool Says(BlockVote vote)
    {
        uint yes = (vote.IsNegated ? ~Predicates[vote.Source] : Predicates[vote.Source]) & _waiting;
        return vote.IsAnd ? yes == _waiting : yes != 0;
    }

    /// <summary>Goes on behind the barrier.</summary>
    /// <param name="said">What the block says, where it is asked.</param>
    public void PassBarrier(bool said)
    {
        if (Barrier!.Vote is { } vote)
        {
            SetPredicate(vote.Target, said ? Instructions.Lanes.All : 0, _waiting);
            foreach (int register in Barrier.Writes)
                _known[register] |= _waiting;
        }
        Barrier = null;
    }

    private KernelFaultException Locate(Instruction instruction, KernelFault fault) => new(fault.Kind,
        $"{_kernel.Name}, block {Block.Place}, warp {Number}: {fault.Message}\n    line {instruction.Line}: {instruction.Text}",
            instruction.Line);

    public void Dispose() => NativeMemory.AlignedFree(_registers);
}
