[Network, Input("source", 20, 16), Input("words", 12, 16)]
[From("source"), GRU(32, Name = "encoder")]
[From("words"), AttentionGRU(64, Memory = "encoder", Score = {|NG1111:"dot"|}), Output("y")]
partial class Dot;
//! NG1111: AttentionGRU cannot be computed: dot scores multiply a state of 64 features with a position of 'encoder', which has 32; Score = "additive" takes any number

[Network, Input("source", 20, 16), Input("words", 12, 16)]
[From("source"), GRU(64, Name = "encoder")]
[From("words"), AttentionGRU(64, Memory = "encoder", Score = "dot", AttentionSize = {|NG1111:32|}), Output("y")]
partial class DotSize;
//! NG1111: AttentionGRU cannot be computed: dot scores have no features of their own: AttentionSize is for Score = "additive"

[Network, Input("source", 20, 16), Input("words", 12, 16)]
[From("words"), {|NG1113:AttentionGRU(64)|}, Output("y")]
partial class Missing;
//! NG1113: AttentionGRU takes keys and values from an earlier layer, but none is named as Memory: write Memory = "…"; sequences come from 'source', 'words', 'from1'

[Network, Input("flat", 20), Input("words", 12, 16)]
[From("words"), AttentionGRU({|NG1001:8|}, 64, Memory = {|NG1111:"flat"|}), Output("y")]
partial class Flattened;
//! NG1001: AttentionGRU expects 8 input features, but the preceding From("words") gives 16 at each of 12 positions (the sequence (12, 16))
//! NG1111: AttentionGRU cannot be computed: 'flat' gives the vector (20), and queries, keys and values are sequences (positions, features)
