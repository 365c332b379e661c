using NetGen.Cuda.Simulator.Ptx;

namespace NetGen.Cuda.Simulator.Machine;

/// <summary>How many blocks a launch has, and how many threads a block.</summary>
/// <param name="Grid">Blocks along x, y and z.</param>
/// <param name="Block">Threads along x, y and z.</param>
/// <param name="SharedBytes">Shared memory that the launch adds to what the kernel declares.</param>
public readonly record struct LaunchShape((int X, int Y, int Z) Grid, (int X, int Y, int Z) Block, int SharedBytes = 0)
{
    /// <summary>What a block can have.</summary>
    public const int SharedLimit = 232448;

    /// <summary>Threads of a block.</summary>
    public int Threads => Block.X * Block.Y * Block.Z;

    internal void Check(PtxKernel kernel)
    {
        if (Grid.X < 1 || Grid.Y is < 1 or > 65535 || Grid.Z is < 1 or > 65535)
            throw Error($"a grid of {Grid.X} × {Grid.Y} × {Grid.Z} blocks: at least 1, and along y and z at most 65,535");
        if (Block.X < 1 || Block.Y < 1 || Block.Z is < 1 or > 64 || (long)Block.X * Block.Y * Block.Z > kernel.MaxThreads)
            throw Error($"{Block.X} × {Block.Y} × {Block.Z} threads, and the kernel allows {kernel.MaxThreads}");
        if (kernel.RequiredThreads is { } exact && exact != Block)
            throw Error($"{Block.X} × {Block.Y} × {Block.Z} threads, and the kernel wants {exact.X} × {exact.Y} × {exact.Z}");
        if (SharedBytes < 0 || kernel.SharedBytes + SharedBytes > SharedLimit)
            throw Error($"{kernel.SharedBytes} + {SharedBytes} bytes of shared memory, and a block has {SharedLimit}");

        KernelFaultException Error(string reason) => new(FaultKind.Launch, $"{kernel.Name}: {reason}");
    }
}
