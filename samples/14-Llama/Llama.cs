namespace NetGen.Samples.Language;

/// <summary>
/// A small LLaMA (Touvron and others: LLaMA: Open and efficient foundation language models, 2023): for each token of a text the logits of
/// the next.
/// </summary>
[Network, Input<int>("tokens", Llama.Length), Stream]
[Sequential<LlamaModel>(Name = "model"), Linear(Llama.Vocabulary, Bias = false, Name = "lm_head")]
[CrossEntropyLoss(Dim = -1), Initialize(Init.Normal, StandardDeviation = 0.02)]
internal sealed partial class Llama
{
    /// <summary>Tokens of a text that is learned from, and the most that a stream takes.</summary>
    internal const int Length = 128;

    internal const int Vocabulary = 1024, Width = 128, Layers = 4;

    /// <summary>Heads of the queries; each two of them share keys and values.</summary>
    internal const int Heads = 4, KeyValueHeads = 2, KeyValueWidth = Width / Heads * KeyValueHeads;

    internal const int Hidden = 352;

    internal const double Epsilon = 1e-5, Dropout = 0.1;
}

/// <summary>
/// The same layers with another head: whether a sentence is positive, by what the network makes of its last token, which has seen all
/// others.
/// </summary>
[Network, Input<int>("tokens", UpTo = Llama.Length)]
[Sequential<LlamaModel>(Name = "model"), Select(1, -1), Linear(2, Bias = false, Name = "score")]
[CrossEntropyLoss, Initialize(Init.Normal, StandardDeviation = 0.02)]
internal sealed partial class LlamaClassifier;

/// <summary>All but the head.</summary>
[Block]
[Embedding(Llama.Vocabulary, Llama.Width, Name = "embed_tokens")]
[Repeat<LlamaLayer>(Llama.Layers, Name = "layers"), RMSNorm(Llama.Width, Eps = Llama.Epsilon, Name = "norm")]
internal sealed class LlamaModel;

[Block, Residual<LlamaAttention>(Name = "self_attn"), Residual<LlamaFeedForward>(Name = "mlp")]
internal sealed class LlamaLayer;

/// <summary>Each token looks at those before it: heads of queries in groups that share keys and values, positions as rotations.</summary>
[Block]
[RMSNorm(Llama.Width, Eps = Llama.Epsilon, Name = "norm")]
[Linear(Llama.Width, Bias = false, Name = "q_proj"), Rotary(Heads = Llama.Heads, Name = "q")]
[From("norm"), Linear(Llama.KeyValueWidth, Bias = false, Name = "k_proj"), Rotary(Heads = Llama.KeyValueHeads, Name = "k")]
[From("norm"), Linear(Llama.KeyValueWidth, Bias = false, Name = "v_proj")]
[ScaledDotProductAttention(Query = "q", Key = "k", Heads = Llama.Heads, KeyValueHeads = Llama.KeyValueHeads, Causal = true)]
[Linear(Llama.Width, Bias = false, Name = "o_proj"), Dropout(Llama.Dropout)]
internal sealed class LlamaAttention;

[Block]
[RMSNorm(Llama.Width, Eps = Llama.Epsilon, Name = "norm"), SwiGLU(Llama.Width, Llama.Hidden, Name = "gated"), Dropout(Llama.Dropout)]
internal sealed class LlamaFeedForward;
