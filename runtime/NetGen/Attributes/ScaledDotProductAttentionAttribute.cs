namespace NetGen;

/// <summary>
/// PyTorch's <c>scaled_dot_product_attention</c>: softmax(scale · q kᵀ) v for each head. The value is the output of the layer before,
/// inputs (keys, heads × value features); queries, (queries, heads × features), and keys, (keys, heads × features), are outputs of earlier
/// layers, which <see cref="Query"/> and <see cref="Key"/> name; output (queries, heads × value features).
/// </summary>
/// <remarks>
/// The features of the heads lie one behind the other, as the products of one <c>Linear</c> give them. No matrix of queries × keys is held
/// in memory: a few queries at a time have their scores, and the backward pass computes them again.
/// </remarks>
/// <example>
/// <code>
/// [Block]
/// [Linear(256, Name = "q"), From("input"), Linear(256, Name = "k"), From("input"), Linear(256)]
/// [ScaledDotProductAttention(Query = "q", Key = "k", Heads = 8, Causal = true), Linear(256)]
/// internal sealed class SelfAttention;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ScaledDotProductAttentionAttribute : LayerAttribute
{
    /// <summary>The name of the layer that gives the queries; must be set.</summary>
    public string? Query { get; set; }

    /// <summary>The name of the layer that gives the keys; must be set.</summary>
    public string? Key { get; set; }

    /// <summary>Heads that the features of the queries are divided into; 1 by default.</summary>
    public int Heads { get; set; } = 1;

    /// <summary>
    /// Heads that the features of keys and values are divided into, by default as many as there are of queries; otherwise fewer, each of
    /// which serves equally many neighbouring heads of queries (grouped-query attention).
    /// </summary>
    public int KeyValueHeads { get; set; }

    /// <summary>
    /// Query i sees the keys 0 to i only; false by default. Where there are more keys than queries, the first keys belong together, as with
    /// PyTorch's <c>is_causal</c>.
    /// </summary>
    public bool Causal { get; set; }

    /// <summary>What the products of queries and keys are multiplied by; 1 / √(features of a head) by default.</summary>
    public double Scale { get; set; }

    /// <summary>
    /// The last so many keys that a query sees, its own place among them: query i sees the keys i − Window + 1 to i. All of them by
    /// default; needs <see cref="Causal"/>. Keys outside the window cost nothing.
    /// </summary>
    public int Window { get; set; }

    /// <summary>
    /// Attention with linear biases (Press, Smith, Lewis: Train short, test long; ICLR 2022): slope · |i − j| is taken off the scaled
    /// product of query i and key j. The slope of head h of H, from 1, is 2^(−8h / H); where H is no power of two, the slopes are those of
    /// the next lower power P and then every second of those of 2P. False by default.
    /// </summary>
    public bool Alibi { get; set; }

    /// <summary>
    /// The name of a value that is added to the scaled products before the softmax, e.g. of an <c>Input</c>: (queries, keys), or (heads,
    /// queries, keys), with 1 in place of heads or queries where it is the same for all of them. −∞ hides a key; a query that sees no key
    /// gets zeros, where PyTorch gives NaN. A mask that layers compute has a gradient.
    /// </summary>
    public string? Mask { get; set; }

    /// <summary>
    /// The probability with which each attention weight becomes zero in training, behind the softmax; the others are multiplied by
    /// 1 / (1 − Dropout). 0 by default. Which ones do is a function of the trainer's seed, step, layer, sample, head, query and key alone.
    /// </summary>
    public double Dropout { get; set; }
}
