namespace NetGen.Training.Tests;

/// <summary>A LLaMA whose tensors are called as in published files.</summary>
[Network, Stream, Input<int>("tokens", 12)]
[Sequential<LlamaModel>(Name = "model"), Linear(LlamaSizes.Vocabulary, Bias = false, Name = "lm_head")]
internal sealed partial class LlamaForCausalLM;

/// <summary>The same with one tensor for the embedding and the head.</summary>
[Network, Stream, Input<int>("tokens", 12)]
[Sequential<LlamaModel>(Name = "model")]
[Linear(LlamaSizes.Vocabulary, Bias = false, Name = "lm_head", Shares = "model.embed_tokens")]
internal sealed partial class TiedLlama;

/// <summary>The first with a score of three labels for the last token, and positions stretched as in LLaMA 3.1.</summary>
[Network, Input<int>("tokens", UpTo = 12)]
[Sequential<LlamaModel>(500.0, 8.0, 8, Name = "model"), Select(1, -1), Linear(3, Bias = false, Name = "score")]
[CrossEntropyLoss]
internal sealed partial class LlamaForSequenceClassification;

internal static class LlamaSizes
{
    public const int Vocabulary = 32, Width = 16, Hidden = 24, Layers = 2, Heads = 4, Groups = 2;

    public const double Eps = 1e-5;
}

[Block, Embedding(LlamaSizes.Vocabulary, LlamaSizes.Width, Name = "embed_tokens")]
[Repeat<LlamaDecoderLayer>(LlamaSizes.Layers, Theta, Factor, Length, Name = "layers", AsList = true)]
[RMSNorm(LlamaSizes.Width, Eps = LlamaSizes.Eps, Name = "norm")]
internal sealed class LlamaModel
{
    private const double Theta = 10_000, Factor = 1;
    private const int Length = 8192;
}

[Block, Residual<LlamaAttentionBranch>(Theta, Factor, Length, Name = ""), Residual<LlamaFeedForwardBranch>(Name = "")]
internal sealed class LlamaDecoderLayer
{
    private const double Theta = 10_000, Factor = 1;
    private const int Length = 8192;
}

[Block, RMSNorm(LlamaSizes.Width, Eps = LlamaSizes.Eps, Name = "input_layernorm")]
[Sequential<LlamaAttention>(Theta, Factor, Length, Name = "self_attn")]
internal sealed class LlamaAttentionBranch
{
    private const double Theta = 10_000, Factor = 1;
    private const int Length = 8192;
}

[Block, Linear(LlamaSizes.Width, Bias = false, Name = "q_proj")]
[Rotary(Heads = LlamaSizes.Heads, Base = Theta, Factor = Factor, OriginalLength = Length, Name = "q"), From("input")]
[Linear(KeyWidth, Bias = false, Name = "k_proj")]
[Rotary(Heads = LlamaSizes.Groups, Base = Theta, Factor = Factor, OriginalLength = Length, Name = "k"), From("input")]
[Linear(KeyWidth, Bias = false, Name = "v_proj")]
[ScaledDotProductAttention(Query = "q", Key = "k", Heads = LlamaSizes.Heads, KeyValueHeads = LlamaSizes.Groups, Causal = true)]
[Linear(LlamaSizes.Width, Bias = false, Name = "o_proj")]
internal sealed class LlamaAttention
{
    private const double Theta = 10_000, Factor = 1;
    private const int Length = 8192;
    internal const int KeyWidth = LlamaSizes.Width / LlamaSizes.Heads * LlamaSizes.Groups;
}

[Block, RMSNorm(LlamaSizes.Width, Eps = LlamaSizes.Eps, Name = "post_attention_layernorm")]
[SwiGLU(LlamaSizes.Width, LlamaSizes.Hidden, Name = "mlp")]
internal sealed class LlamaFeedForwardBranch;

/// <summary>What a LLaMA is not, in every respect that sizes do not show.</summary>
[Network, Input<int>("tokens", 12), Embedding(LlamaSizes.Vocabulary, LlamaSizes.Width, Name = "embed_tokens")]
[Repeat<LlamaOtherLayer>(1, Name = "layers", AsList = true), RMSNorm(LlamaSizes.Width, Name = "norm")]
internal sealed partial class LlamaOtherwise;

[Block, Sequential<LlamaOtherAttention>(Name = "self_attn"), Sequential<LlamaOtherFeedForward>(Name = "mlp")]
internal sealed class LlamaOtherLayer;

[Block, Linear(LlamaSizes.Width, Bias = false, Name = "q_proj"), Rotary(Interleaved = true, Name = "q"), From("input")]
[Linear(LlamaSizes.Width, Bias = false, Name = "k_proj"), From("input"), Linear(LlamaSizes.Width, Bias = false, Name = "v_proj")]
[ScaledDotProductAttention(Query = "q", Key = "k_proj"), Linear(LlamaSizes.Width, Bias = false, Name = "o_proj")]
internal sealed class LlamaOtherAttention;

[Block, Linear(LlamaSizes.Hidden, Name = "gate_proj"), ReLU, Linear(LlamaSizes.Width, Bias = false, Name = "down_proj")]
internal sealed class LlamaOtherFeedForward;
