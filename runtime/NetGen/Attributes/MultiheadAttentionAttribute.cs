namespace NetGen;

/// <summary>
/// PyTorch's <c>MultiheadAttention</c> with <c>batch_first=True</c>: products for queries, keys and values, attention of several heads, a
/// product of the heads' results. From a sequence (positions, embedDim) to one of the same shape. By itself it is self attention; with
/// <see cref="Key"/> the queries look at another sequence, as a decoder's at the encoder's output.
/// </summary>
/// <remarks>
/// Tensors as in PyTorch: <c>in_proj_weight</c> [3 · embedDim, embedDim], with the rows for queries, keys and values one under another, or,
/// where keys
/// or values have other features, <c>q_proj_weight</c> [embedDim, embedDim], <c>k_proj_weight</c> [embedDim, key features] and
/// <c>v_proj_weight</c> [embedDim, value features]; <c>in_proj_bias</c> [3 · embedDim], <c>out_proj.weight</c> [embedDim, embedDim],
/// <c>out_proj.bias</c>. The first start from ±√(6 / (fan_in + fan_out)), biases from zero. The weights of the attention are not given.
/// </remarks>
/// <example>
/// <code>
/// [Block, MultiheadAttention(8, Causal = true)] internal sealed class SelfAttention;
/// [Block, MultiheadAttention(8, Key = "memory")] internal sealed class CrossAttention;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class MultiheadAttentionAttribute : LayerAttribute
{
    /// <summary>Attention over sequences of any number of features that the heads divide.</summary>
    /// <param name="heads">Number of heads.</param>
    public MultiheadAttentionAttribute(int heads) => Heads = heads;

    /// <summary>The same with the number of features written down, to be checked.</summary>
    /// <param name="embedDim">Features of each position; a multiple of the number of heads.</param>
    /// <param name="heads">Number of heads.</param>
    public MultiheadAttentionAttribute(int embedDim, int heads)
    {
        EmbedDim = embedDim;
        Heads = heads;
    }

    /// <summary>Features of each position; 0 where they are those of the layer before.</summary>
    public int EmbedDim { get; }

    /// <summary>Number of heads.</summary>
    public int Heads { get; }

    /// <summary>Biases of all products; true by default.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>
    /// The name of the layer that gives the keys, and the values too unless <see cref="Value"/> is set; the layer before by default.
    /// </summary>
    public string? Key { get; set; }

    /// <summary>The name of the layer that gives the values; what gives the keys by default.</summary>
    public string? Value { get; set; }

    /// <summary>Features of the keys, PyTorch's <c>kdim</c>; they may be left out, and are checked where they are written.</summary>
    public int KeyDim { get; set; }

    /// <summary>Features of the values, PyTorch's <c>vdim</c>; they may be left out, and are checked where they are written.</summary>
    public int ValueDim { get; set; }

    /// <inheritdoc cref="ScaledDotProductAttentionAttribute.Causal"/>
    public bool Causal { get; set; }

    /// <inheritdoc cref="ScaledDotProductAttentionAttribute.Window"/>
    public int Window { get; set; }

    /// <inheritdoc cref="ScaledDotProductAttentionAttribute.Alibi"/>
    public bool Alibi { get; set; }

    /// <inheritdoc cref="ScaledDotProductAttentionAttribute.Mask"/>
    public string? Mask { get; set; }

    /// <inheritdoc cref="ScaledDotProductAttentionAttribute.Dropout"/>
    public double Dropout { get; set; }
}
