[Network, Input("source", 20, 64), Input("target", 12, 64)]
[From("source"), TransformerEncoderLayer(64, 4, Name = "memory"), Output("m"), From("target")]
[{|NG1113:TransformerDecoderLayer(64, 4)|}, Output("y")]
partial class Missing;
//! NG1113: TransformerDecoderLayer takes keys and values from an earlier layer, but none is named: write Memory = "…"

[Network, Input("source", 20, 64), Input("target", 12, 64)]
[From("source"), LayerNorm(64, Name = "norm1"), Output("n"), From("target")]
[TransformerDecoderLayer(64, 4, Memory = {|NG1113:"norm1"|}), Output("y")]
partial class Inside;
//! NG1113: TransformerDecoderLayer takes keys and values from an earlier layer, but 'norm1' means a value inside of it: give that one another name, or put an Identity with another behind it

[Network, Input("source", 20, 64), Input("target", 12, 64)]
[From("target"), TransformerDecoderLayer(64, 4, Memory = {|NG1113:"sourze"|}), Output("y")]
partial class Unknown;
//! NG1113: MultiheadAttention 'transformerdecoderlayer1.multihead_attn' takes keys and values from an earlier layer, but no layer in front of it is called 'sourze'; did you mean 'source'?
