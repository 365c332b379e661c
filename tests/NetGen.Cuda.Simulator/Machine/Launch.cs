using NetGen.Cuda.Simulator.Ptx;

namespace NetGen.Cuda.Simulator.Machine;

/// <summary>A kernel that is to run: on what, with which numbers, and after which others.</summary>
internal sealed class Launch(PtxKernel kernel, LaunchShape shape, byte[] parameters, int number)
{
    public PtxKernel Kernel => kernel;

    public LaunchShape Shape => shape;

    /// <summary>The kernel's parameters as they lie behind one another.</summary>
    public byte[] Parameters => parameters;

    /// <summary>Its number among the operations of the device, from 1.</summary>
    public int Number => number;

    /// <summary>Which operations are sure to be done; without it all with lower numbers are.</summary>
    public ILaunchOrder? Order { get; init; }

    /// <summary>Whether it may begin while the kernel before it in the stream still runs.</summary>
    public bool BeginsEarly => OrderBeforeWait is not null;

    /// <summary>Which operations are sure to be done before a thread has waited for the kernel before.</summary>
    public ILaunchOrder? OrderBeforeWait { get; init; }
}
