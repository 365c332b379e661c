using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>The figures of a network by which <see cref="StreamCore"/> allocates memory and takes steps.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class StreamPlan
{
    /// <summary>Steps whose values are computed together, so that weights are read once for all of them.</summary>
    public required int Block { get; init; }

    /// <summary>Floats of the arena that are there once.</summary>
    public required long FixedLength { get; init; }

    /// <summary>Floats of the arena for each step of a block.</summary>
    public required long RowLength { get; init; }

    /// <summary>Floats that are kept from step to step.</summary>
    public required long StateLength { get; init; }

    /// <summary>Those at their start that are zero before the first step.</summary>
    public required long ClearedLength { get; init; }

    /// <summary>What tells apart what different networks keep.</summary>
    public required string Form { get; init; }

    /// <summary>The most steps of a stream; null where that has no limit.</summary>
    public int? Capacity { get; init; }

    /// <summary>The widths of vectors that kernels were written for; null for all.</summary>
    public VectorWidth[]? VectorWidths { get; init; }
}
