using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>The figures of a network by which <see cref="SessionCore"/> allocates memory and divides work.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class SessionPlan
{
    /// <summary>Samples whose vectors are computed together, so that weights are read once for all of them.</summary>
    public required int RowBlock { get; init; }

    /// <summary>Floats of a worker's arena that are there once, <see cref="ScratchLength"/> included.</summary>
    public required long FixedLength { get; init; }

    /// <summary>Floats of a worker's arena for each sample of a block.</summary>
    public required long RowLength { get; init; }

    /// <summary>Floats at the start of a worker's arena that a kernel may use for itself.</summary>
    public required int ScratchLength { get; init; }

    /// <summary>How many lengths each sample brings at run time.</summary>
    public int Lengths { get; init; }

    /// <summary>Samples that are computed side by side, and so belong to one worker: 1, or 16 where the lanes are samples.</summary>
    public int SamplesPerGroup { get; init; } = 1;

    /// <summary>The threads share each sample where there are fewer samples than threads.</summary>
    public bool DividesSamples { get; init; }

    /// <summary>One sample takes so long that it is worth waking threads for it.</summary>
    public bool WakesForOneSample { get; init; }

    /// <summary>
    /// The widths of vectors that the network has kernels for, from the widest on; null for all. Set where the project's
    /// <c>NetGenVectorWidths</c> leaves some out.
    /// </summary>
    public VectorWidth[]? VectorWidths { get; init; }

    /// <summary>The lanes of each layer, in words.</summary>
    public required string Schedule { get; init; }

    /// <summary>
    /// The network's kernels for another device than the processor; null where it has none. Set where the project's <c>NetGenTargets</c>
    /// asks for them.
    /// </summary>
    public DeviceKernels? Device { get; init; }
}
