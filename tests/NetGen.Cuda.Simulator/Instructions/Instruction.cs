using NetGen.Cuda.Simulator.Machine;
using NetGen.Cuda.Simulator.Ptx;

namespace NetGen.Cuda.Simulator.Instructions;

/// <summary>A decoded instruction. It works on all lanes of a warp that reach it.</summary>
internal abstract class Instruction
{
    /// <summary>The predicate it depends on; −1 without one.</summary>
    public int Guard { get; private set; } = -1;

    public bool IsGuardNegated { get; private set; }

    /// <summary>The registers it reads and writes, by number.</summary>
    public int[] Reads { get; private set; } = [];

    public int[] Writes { get; private set; } = [];

    public int Line { get; private set; }

    public string Text { get; private set; } = "";

    /// <summary>What is counted of it.</summary>
    public virtual InstructionKind Kind => InstructionKind.Other;

    public abstract void Run(Warp warp, uint lanes);

    public void Place(int line, string text, Operands operands)
    {
        (Line, Text) = (line, text);
        (Guard, IsGuardNegated) = (operands.GuardPlace, operands.IsGuardNegated);
        Reads = [.. operands.Reads.Distinct()];
        Writes = [.. operands.Writes.Distinct()];
    }

    public void PlaceAtEnd(int line) => (Line, Text) = (line, "the end of the kernel");
}

/// <summary>Instructions that are counted apart.</summary>
internal enum InstructionKind
{
    Other,
    Fma,
    Matrix,
}

/// <summary>An instruction that changes where lanes go on, which <see cref="Warp.Run"/> does itself.</summary>
internal abstract class ControlInstruction : Instruction
{
    public sealed override void Run(Warp warp, uint lanes) =>
        throw new InvalidOperationException($"{GetType().Name} is for the warp to follow.");
}

internal sealed class Branch : ControlInstruction
{
    /// <summary>The instruction it goes to.</summary>
    public int Target { get; set; }
}

internal sealed class Exit : ControlInstruction;

/// <summary>Waits for all threads of the block.</summary>
internal sealed class BlockBarrier(int number, BlockVote? vote) : ControlInstruction
{
    public int Number => number;

    /// <summary>What the threads tell one another at it; null for nothing.</summary>
    public BlockVote? Vote => vote;
}

/// <summary>Whether a predicate holds in all threads of a block, or in any.</summary>
/// <param name="Target">The predicate that is told.</param>
/// <param name="Source">The predicate that is asked.</param>
internal sealed record BlockVote(int Target, int Source, bool IsNegated, bool IsAnd);
