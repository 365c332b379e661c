using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>
/// How one dimension of a tensor lies in packed storage: index i adds
/// (i / <see cref="Block"/>) · <see cref="OuterStride"/> + (i mod <see cref="Block"/>) · <see cref="InnerStride"/>.
/// </summary>
/// <param name="extent">Number of indices, at least 1.</param>
/// <param name="block">Size of the blocks the dimension is cut into, at least 1; the extent where it is not cut.</param>
/// <param name="outerStride">Floats from one block to the next, at least 0.</param>
/// <param name="innerStride">Floats from one index to the next in a block, at least 0.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct TensorDimension(int extent, int block, int outerStride, int innerStride)
{
    /// <summary>A dimension that is not cut into blocks.</summary>
    /// <param name="extent">Number of indices, at least 1.</param>
    /// <param name="stride">Floats from one index to the next.</param>
    public TensorDimension(int extent, int stride)
        : this(extent, extent, 0, stride)
    {
    }

    /// <summary>Number of indices.</summary>
    public int Extent { get; } = extent;

    /// <summary>Size of the blocks the dimension is cut into.</summary>
    public int Block { get; } = block;

    /// <summary>Floats from one block to the next.</summary>
    public int OuterStride { get; } = outerStride;

    /// <summary>Floats from one index to the next in a block.</summary>
    public int InnerStride { get; } = innerStride;

    /// <summary>What index <paramref name="index"/> adds to the offset.</summary>
    /// <param name="index">From 0 to <see cref="Extent"/> − 1.</param>
    public long Offset(int index) => (long)(index / Block) * OuterStride + (long)(index % Block) * InnerStride;
}
