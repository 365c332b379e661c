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
}
