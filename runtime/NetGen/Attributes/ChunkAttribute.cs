namespace NetGen;

/// <summary>
/// One of the parts into which PyTorch's <c>chunk</c> cuts a dimension: <c>[Chunk(2, 0)]</c> is the first half of the channels or features.
/// </summary>
/// <remarks>
/// As in PyTorch all parts have ⌈size / chunks⌉ elements but the last, which has what is left; so there may be fewer than
/// <see cref="Chunks"/>.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ChunkAttribute : LayerAttribute
{
    /// <summary>One part of a dimension.</summary>
    /// <param name="chunks">Into how many parts it is cut.</param>
    /// <param name="index">Which of them, from 0; negative ones count from the last.</param>
    /// <param name="dim">
    /// The dimension; 0 is the batch, which cannot be cut, 1 the channels or features, and negative ones count from the end.
    /// </param>
    public ChunkAttribute(int chunks, int index, int dim = 1)
    {
        Chunks = chunks;
        Index = index;
        Dim = dim;
    }

    /// <summary>Into how many parts the dimension is cut.</summary>
    public int Chunks { get; }

    /// <summary>Which of them.</summary>
    public int Index { get; }

    /// <summary>The dimension; 0 is the batch, 1, the default, the channels or features, −1 the last.</summary>
    public int Dim { get; set; }
}
