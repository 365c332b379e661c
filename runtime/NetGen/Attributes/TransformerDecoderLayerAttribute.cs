namespace NetGen;

/// <summary>
/// PyTorch's <c>TransformerDecoderLayer</c> with <c>batch_first=True</c>: self attention, attention over the output of an encoder, which
/// <see cref="Memory"/> names, and two products with a function between, each with dropout, addition of its input and normalisation. From a
/// sequence (positions, dModel) to one of the same shape.
/// </summary>
/// <remarks>
/// It is its long form, a block of <c>MultiheadAttention</c>, <c>Dropout</c>, <c>Add</c>, <c>LayerNorm</c> and <c>Linear</c>, and its
/// tensors
/// have the names of PyTorch's files: <c>self_attn</c>, <c>multihead_attn</c>, <c>linear1</c>, <c>linear2</c>, <c>norm1</c> to
/// <c>norm3</c>. Its self attention is causal unless <see cref="Causal"/> is false; in PyTorch the caller gives <c>tgt_mask</c> for that.
/// </remarks>
/// <example>
/// <code>
/// [Network, Input("source", 20, 64), Input("words", 12, 64)]
/// [From("source"), TransformerEncoderLayer(64, 4, Name = "memory"), From("words"), TransformerDecoderLayer(64, 4, Memory = "memory")]
/// [Output("y")]
/// public sealed partial class Translator;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class TransformerDecoderLayerAttribute : LayerAttribute
{
    /// <summary>A layer over sequences (positions, dModel).</summary>
    /// <param name="dModel">Features of each position; a multiple of the number of heads.</param>
    /// <param name="heads">Heads of its attention.</param>
    public TransformerDecoderLayerAttribute(int dModel, int heads)
    {
        DModel = dModel;
        Heads = heads;
    }

    /// <summary>Features of each position.</summary>
    public int DModel { get; }

    /// <summary>Heads of its attention.</summary>
    public int Heads { get; }

    /// <summary>The name of the layer that gives keys and values, an encoder's last; must be set. It has dModel features.</summary>
    public string? Memory { get; set; }

    /// <summary>
    /// Features of the layer between the two products behind the attention, PyTorch's <c>dim_feedforward</c>; 2048 by default.
    /// </summary>
    public int FeedForward { get; set; } = 2048;

    /// <summary>The probability of all dropout in it, that of the attention's weights included; 0.1 by default.</summary>
    public double Dropout { get; set; } = 0.1;

    /// <summary><c>"relu"</c>, the default, or <c>"gelu"</c>, with the exact error function.</summary>
    public string Activation { get; set; } = "relu";

    /// <summary>
    /// Each part is normalised in front of it, x + f(norm(x)), instead of behind the addition, norm(x + f(x)); false by default.
    /// </summary>
    public bool NormFirst { get; set; }

    /// <summary>What is added to the variance in its normalisations; 10⁻⁵ by default.</summary>
    public double LayerNormEps { get; set; } = 1e-5;

    /// <summary>Biases of its products and normalisations; true by default.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>
    /// The number of such layers, for DeepNorm (Wang et al.: DeepNet: scaling Transformers to 1,000 layers; 2022): norm(αx + f(x)) with α =
    /// (3N)^¼, and the start of all weights but those for queries and keys times (12N)^(−¼). Left out, there is no DeepNorm. Not with
    /// <see cref="NormFirst"/>.
    /// </summary>
    public int DeepNorm { get; set; }

    /// <summary>Position i sees the positions 0 to i of its own sequence only; true by default.</summary>
    public bool Causal { get; set; } = true;

    /// <inheritdoc cref="ScaledDotProductAttentionAttribute.Window"/>
    public int Window { get; set; }

    /// <inheritdoc cref="ScaledDotProductAttentionAttribute.Alibi"/>
    public bool Alibi { get; set; }

    /// <inheritdoc cref="ScaledDotProductAttentionAttribute.Mask"/>
    public string? Mask { get; set; }
}
