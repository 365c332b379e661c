using NetGen;

namespace NetGen.Benchmarks.Networks;

[Block]
[Conv1d(100, Width.Kernel, Name = "conv"), ReLU, AdaptiveMaxPool1d(1), Flatten]
internal sealed class Width
{
    public const int Kernel = 3;
}

[Network, Input<int>("tokens", 64)]
[Embedding(25002, 100, Name = "embedding"), Permute(2, 1), Concat<Width>(3, 4, 5, Name = "widths"), Linear(2, Name = "head")]
[CrossEntropyLoss]
internal sealed partial class TextCnn;

[Network, Input<int>("tokens", 64)]
[Embedding(25002, 100, Name = "embedding"), LSTM(128, Name = "recurrent"), From("recurrent.h"), Linear(2, Name = "head")]
[CrossEntropyLoss]
internal sealed partial class Lstm;

[Network, Input<int>("tokens", 64)]
[Embedding(25002, 100, Name = "embedding"), GRU(128, Name = "recurrent"), From("recurrent.h"), Linear(2, Name = "head")]
[CrossEntropyLoss]
internal sealed partial class Gru;

// The states behind the last step of the second layer's two directions.
[Network, Input<int>("tokens", 64)]
[Embedding(25002, 100, Name = "embedding"), LSTM(128, NumLayers = 2, Bidirectional = true, Name = "recurrent")]
[From("recurrent.h"), Slice(1, -2), Flatten, Linear(2, Name = "head")]
[CrossEntropyLoss]
internal sealed partial class BiLstm2;

[Block, LayerNorm(128, Name = "norm")]
[Linear(128, Name = "q"), From("norm"), Linear(128, Name = "k"), From("norm"), Linear(128, Name = "v")]
[ScaledDotProductAttention(Query = "q", Key = "k", Heads = 4), Linear(128, Name = "out")]
internal sealed class EncoderAttention;

[Block, LayerNorm(128, Name = "norm"), Linear(512, Name = "up"), ReLU, Linear(128, Name = "down")]
internal sealed class EncoderFeedForward;

[Block, Residual<EncoderAttention>(Name = "attention"), Residual<EncoderFeedForward>(Name = "feed_forward")]
internal sealed class EncoderLayer;

[Network, Input<int>("tokens", 64)]
[Embedding(25002, 128, Name = "embedding"), Repeat<EncoderLayer>(2, Name = "layers"), Mean(1), Linear(2, Name = "head")]
[CrossEntropyLoss]
internal sealed partial class Encoder;

[Block, RMSNorm(256, Eps = 1e-5, Name = "norm")]
[Linear(256, Bias = false, Name = "q"), Rotary(Heads = 8, Name = "turned_q"), From("norm")]
[Linear(128, Bias = false, Name = "k"), Rotary(Heads = 4, Name = "turned_k"), From("norm")]
[Linear(128, Bias = false, Name = "v")]
[ScaledDotProductAttention(Query = "turned_q", Key = "turned_k", Heads = 8, KeyValueHeads = 4, Causal = true)]
[Linear(256, Bias = false, Name = "out")]
internal sealed class LlamaAttention;

[Block, RMSNorm(256, Eps = 1e-5, Name = "norm"), Linear(688, Bias = false, Name = "up"), From("norm")]
[Linear(688, Bias = false, Name = "gate"), SiLU, Mul("up"), Linear(256, Bias = false, Name = "down")]
internal sealed class LlamaFeedForward;

[Block, Residual<LlamaAttention>(Name = "attention"), Residual<LlamaFeedForward>(Name = "feed_forward")]
internal sealed class LlamaLayer;

[Network, Input<int>("tokens", 128)]
[Embedding(8000, 256, Name = "embedding"), Repeat<LlamaLayer>(4, Name = "layers"), RMSNorm(256, Eps = 1e-5, Name = "norm")]
[Select(1, -1), Linear(2, Bias = false, Name = "score")]
[CrossEntropyLoss]
internal sealed partial class Llama;
