using NetGen;

namespace NetGen.Benchmarks.Networks;

/// <summary>The Llama of the peers' rows with a head over its vocabulary: token by token.</summary>
[Network, Stream, Input<int>("tokens", 128), InferenceOnly]
[Embedding(8000, 256, Name = "embedding"), Repeat<LlamaLayer>(4, Name = "layers"), RMSNorm(256, Eps = 1e-5, Name = "norm")]
[Linear(8000, Bias = false, Name = "head")]
internal sealed partial class LlamaWriter;

[Block, RMSNorm(1024, Eps = 1e-5, Name = "norm")]
[Linear(1024, Bias = false, Name = "q"), Rotary(Heads = 16, Name = "turned_q"), From("norm")]
[Linear(512, Bias = false, Name = "k"), Rotary(Heads = 8, Name = "turned_k"), From("norm")]
[Linear(512, Bias = false, Name = "v")]
[ScaledDotProductAttention(Query = "turned_q", Key = "turned_k", Heads = 16, KeyValueHeads = 8, Causal = true)]
[Linear(1024, Bias = false, Name = "out")]
internal sealed class LargeAttention;

[Block, RMSNorm(1024, Eps = 1e-5, Name = "norm"), SwiGLU(1024, 2752, Name = "mlp")]
internal sealed class LargeFeedForward;

[Block, Residual<LargeAttention>(Name = "attention"), Residual<LargeFeedForward>(Name = "feed_forward")]
internal sealed class LargeLayer;

[Network, Stream, Input<int>("tokens", 128), InferenceOnly]
[Embedding(8000, 1024, Name = "embedding"), Repeat<LargeLayer>(16, Name = "layers"), RMSNorm(1024, Eps = 1e-5, Name = "norm")]
[Linear(8000, Bias = false, Name = "head")]
internal sealed partial class LargeWriter;

[Network, Stream, Input<int>("tokens", 128), InferenceOnly(Weights = WeightFormat.BFloat16)]
[Embedding(8000, 1024, Name = "embedding"), Repeat<LargeLayer>(16, Name = "layers"), RMSNorm(1024, Eps = 1e-5, Name = "norm")]
[Linear(8000, Bias = false, Name = "head")]
internal sealed partial class LargeWriterOf16Bits;

[Network(4800, 1), Stream, InferenceOnly, LSTM(16), Linear(1)]
internal sealed partial class RecurrentEffect;

[Block, Conv1d(8, 3, Dilation = Dilated.Distance, Padding = "causal", Name = "conv"), Tanh]
internal sealed class Dilated
{
    public const int Distance = 1;
}

[Network(1, 4800), Stream, InferenceOnly]
[Sequential<Dilated>(1), Sequential<Dilated>(2), Sequential<Dilated>(4), Sequential<Dilated>(8)]
[Sequential<Dilated>(16), Sequential<Dilated>(32), Sequential<Dilated>(64), Sequential<Dilated>(128), Conv1d(1, 1)]
internal sealed partial class DilatedEffect;
