namespace NetGen;

/// <summary>
/// Looks up a row of a table for each of a sample's ints, PyTorch's <c>Embedding</c>: from ints (length), <see cref="InputAttribute{T}"/>,
/// to a sequence (length, embeddingDim), and from ints (height, width) to (height, width, embeddingDim). The table, <c>weight</c>
/// [numEmbeddings, embeddingDim], is learned and starts from N(0, 1).
/// </summary>
/// <remarks>
/// An int that is negative, or not below numEmbeddings, is refused with an <see cref="ArgumentOutOfRangeException"/> by the call that is
/// given it, before it has done anything.
/// </remarks>
/// <example>
/// <code>
/// [Network, Input&lt;int&gt;("tokens", 64)]
/// [Embedding(10_000, 100), Permute(2, 1), Conv1d(32, 3), ReLU, AdaptiveMaxPool1d(1), Flatten, Linear(2), CrossEntropyLoss]
/// public sealed partial class TextCnn;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class EmbeddingAttribute : LayerAttribute
{
    /// <summary>Rows of a table.</summary>
    /// <param name="numEmbeddings">Rows of the table: ints are 0 to one less.</param>
    /// <param name="embeddingDim">Numbers of a row.</param>
    public EmbeddingAttribute(int numEmbeddings, int embeddingDim)
    {
        NumEmbeddings = numEmbeddings;
        EmbeddingDim = embeddingDim;
    }

    /// <summary>Rows of the table.</summary>
    public int NumEmbeddings { get; }

    /// <summary>Numbers of a row.</summary>
    public int EmbeddingDim { get; }

    /// <summary>
    /// The int that stands for nothing, as where a text is filled up: its row has no gradient and starts as zeros. A negative one counts
    /// from the end of the table: −1 is the last row. Left out, there is none.
    /// </summary>
    public int PaddingIndex { get; set; } = int.MinValue;

    /// <summary>
    /// Above 0: a row whose Euclidean norm is larger is scaled down to it when it is looked up, by MaxNorm / (norm + 10⁻⁷). As in PyTorch a
    /// forward pass of training does so in the table itself; a session leaves the table as it is and gives the same numbers. Left out,
    /// rows stay as they are.
    /// </summary>
    public double MaxNorm { get; set; } = double.PositiveInfinity;

    /// <summary>
    /// What the rows are multiplied by, rounded to <c>float</c>: 1, the default, or for example √embeddingDim, as Transformers have it.
    /// </summary>
    public double Scale { get; set; } = 1;
}
