[Network(64, 128)]
[Linear(96, Name = "q"), ScaledDotProductAttention(Query = "q", Key = "q", Heads = 4, Window = {|NG1111:16|})]
partial class Window;
//! NG1111: ScaledDotProductAttention cannot be computed: a window is the last 16 keys up to the query's own place: set Causal = true as well

[Network(64, 128)]
[Linear(96, Name = "q"), ScaledDotProductAttention(Query = "q", Key = "q", Causal = true, Window = {|NG1005:0|}, Dropout = {|NG1009:1.5|})]
partial class Ranges;
//! NG1005: ScaledDotProductAttention's window must be at least 1, but is 0
//! NG1009: ScaledDotProductAttention's probability p must lie between 0 and 1, but is 1.5

[Network, Input("x", 64, 96), Input("m", 60, 64)]
[From("x"), ScaledDotProductAttention(Query = "x", Key = "x", Heads = 4, Mask = {|NG1111:"m"|}), Output("y")]
partial class Mask;
//! NG1111: ScaledDotProductAttention cannot be computed: 'm' gives the sequence (60, 64), and what is added to the scores of 4 heads is (64, 64) or (4, 64, 64), with 1 in place of heads or queries where it is the same for all of them

[Network, Input("x", 64, 96), Input("m", 2, 64, 64)]
[From("x"), ScaledDotProductAttention(Query = "x", Key = "x", Heads = 4, Mask = {|NG1111:"m"|}), Output("y")]
partial class Heads;
//! NG1111: ScaledDotProductAttention cannot be computed: 'm' gives the feature map (2, 64, 64), and what is added to the scores of 4 heads is (64, 64) or (4, 64, 64), with 1 in place of heads or queries where it is the same for all of them
