namespace NetGen;

/// <summary>
/// Looks up a row of a table for each of a sample's ints and gives their mean, sum or maximum, PyTorch's <c>EmbeddingBag</c> for bags of
/// one length or, behind an input with <see cref="InputAttribute{T}.UpTo"/>, of lengths that samples bring: from ints (length),
/// <see cref="InputAttribute{T}"/>, to a vector (embeddingDim). The table, <c>weight</c> [numEmbeddings, embeddingDim], is learned and
/// starts from N(0, 1).
/// </summary>
/// <remarks>
/// An int that is negative, or not below numEmbeddings, is refused with an <see cref="ArgumentOutOfRangeException"/> by the call that is
/// given it, before it has done anything. A bag may be filled up with <see cref="PaddingIndex"/>.
/// </remarks>
/// <example>
/// <code>
/// [Network, Input&lt;int&gt;("tokens", 64)]
/// [EmbeddingBag(10_000, 100, PaddingIndex = 0), Linear(2), CrossEntropyLoss]
/// public sealed partial class Sentiment;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class EmbeddingBagAttribute : LayerAttribute
{
    /// <summary>A mean, sum or maximum of rows of a table.</summary>
    /// <param name="numEmbeddings">Rows of the table: ints are 0 to one less.</param>
    /// <param name="embeddingDim">Numbers of a row.</param>
    public EmbeddingBagAttribute(int numEmbeddings, int embeddingDim)
    {
        NumEmbeddings = numEmbeddings;
        EmbeddingDim = embeddingDim;
    }

    /// <summary>Rows of the table.</summary>
    public int NumEmbeddings { get; }

    /// <summary>Numbers of a row.</summary>
    public int EmbeddingDim { get; }

    /// <summary>
    /// What is made of the rows: <c>"mean"</c>, the default, <c>"sum"</c>, or <c>"max"</c>, the largest number in each place, whose
    /// gradient goes to the first row that has it. A bag without a row that counts gives zeros.
    /// </summary>
    public string Mode { get; set; } = "mean";

    /// <summary>
    /// The int that stands for nothing, as where a bag is filled up: its row takes no part, has no gradient and starts as zeros. A negative
    /// one counts from the end of the table: −1 is the last row. Left out, there is none.
    /// </summary>
    public int PaddingIndex { get; set; } = int.MinValue;

    /// <summary>
    /// The name of an earlier value with a weight for each int, as a vector (length) or as positions with one feature (length, 1): each row
    /// is multiplied by its weight before they are summed, PyTorch's <c>per_sample_weights</c>. Only of the mode <c>"sum"</c>. Both table
    /// and weights have gradients; padding has none. Where samples bring their lengths, both have the same. None by default.
    /// </summary>
    /// <example>
    /// <code>
    /// [Network, Input&lt;int&gt;("words", UpTo = 64), Input("frequencies", 1, Like = "words")]
    /// [From("words"), EmbeddingBag(10_000, 100, Mode = "sum", PerSampleWeights = "frequencies"), Linear(2), Output("topic")]
    /// </code>
    /// </example>
    public string? PerSampleWeights { get; set; }
}
