[Network(64, 100)]
[MultiheadAttention({|NG1111:8|})]
partial class Net;
//! NG1111: MultiheadAttention cannot be computed: 100 features of the network's input are not divided by 8 heads: 100 / 8 leaves 4

[Network, Input("a", 20, 96), Input("b", 21, 80), Input("x", 12, 96)]
[From("x"), MultiheadAttention(4, Key = "a", Value = {|NG1111:"b"|}), Output("y")]
partial class Lengths;
//! NG1111: MultiheadAttention cannot be computed: 'a' gives 20 keys, and 'b' 21 values

[Network, Input("a", 20, 96), Input("x", 12, 96)]
[From("x"), MultiheadAttention({|NG1001:64|}, 4, Key = "a", KeyDim = {|NG1001:80|}), Output("y")]
partial class Features;
//! NG1001: MultiheadAttention expects 64 features, but the preceding From("x") gives 96 at each of 12 positions (the sequence (12, 96))
//! NG1001: MultiheadAttention expects 80 features, but 'a' gives 96 at each of 20 positions (the sequence (20, 96))

[Network(64, 96)]
[TransformerEncoderLayer(96, {|NG1111:7|}, FeedForward = {|NG1005:0|}, Dropout = 0, Name = "layer")]
partial class Encoder;
//! NG1111: MultiheadAttention 'layer.self_attn' cannot be computed: 96 features of the block's input are not divided by 7 heads: 96 / 7 leaves 5
//! NG1005: Linear's number of output features must be at least 1, but is 0

[Network(64, 96)]
[TransformerEncoderLayer(96, 4, NormFirst = true, DeepNorm = {|NG1074:6|})]
partial class Deep;
//! NG1074: TransformerEncoderLayer's deepNorm must be left out where NormFirst is set: it scales what is normalised behind the addition, but is 6
