namespace NetGen;

/// <summary>
/// PyTorch's <c>TransformerEncoderLayer</c> with <c>batch_first=True</c>: self attention and two products with a function between, each
/// with
/// dropout, addition of its input and normalisation. From a sequence (positions, dModel) to one of the same shape.
/// </summary>
/// <remarks>
/// It is its long form, a block of <c>MultiheadAttention</c>, <c>Dropout</c>, <c>Add</c>, <c>LayerNorm</c> and <c>Linear</c>, and its
/// tensors have the names of PyTorch's files: <c>self_attn.in_proj_weight</c>, <c>self_attn.out_proj.weight</c>, <c>linear1.weight</c>,
/// <c>linear2.weight</c>, <c>norm1.weight</c>, <c>norm2.weight</c> and the biases.
/// </remarks>
/// <example>
/// <code>
/// [Network(100, 64), Repeat&lt;Layer&gt;(6, Name = "layers"), Mean(1), Linear(2), CrossEntropyLoss] public sealed partial class Encoder;
/// [Block, TransformerEncoderLayer(64, 4, FeedForward = 256, Name = "layer")] internal sealed class Layer;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class TransformerEncoderLayerAttribute : LayerAttribute
{
    /// <summary>A layer over sequences (positions, dModel).</summary>
    /// <param name="dModel">Features of each position; a multiple of the number of heads.</param>
    /// <param name="heads">Heads of its attention.</param>
    public TransformerEncoderLayerAttribute(int dModel, int heads)
    {
        DModel = dModel;
        Heads = heads;
    }

    /// <summary>Features of each position.</summary>
    public int DModel { get; }

    /// <summary>Heads of its attention.</summary>
    public int Heads { get; }

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
    /// (2N)^¼, and the start of all weights but those for queries and keys times (8N)^(−¼). Left out, there is no DeepNorm. Not with
    /// <see cref="NormFirst"/>.
    /// </summary>
    public int DeepNorm { get; set; }

    /// <inheritdoc cref="ScaledDotProductAttentionAttribute.Causal"/>
    public bool Causal { get; set; }

    /// <inheritdoc cref="ScaledDotProductAttentionAttribute.Window"/>
    public int Window { get; set; }

    /// <inheritdoc cref="ScaledDotProductAttentionAttribute.Alibi"/>
    public bool Alibi { get; set; }

    /// <inheritdoc cref="ScaledDotProductAttentionAttribute.Mask"/>
    public string? Mask { get; set; }
}
