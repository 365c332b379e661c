[Network(64, 30)]
[Rotary(Heads = {|NG1111:4|}), ReLU, Rotary(Heads = {|NG1111:2|})]
partial class Net;
//! NG1111: Rotary cannot be computed: 30 features of each position of the network's input are not divided by 4 heads: 30 / 4 leaves 2
//! NG1111: Rotary cannot be computed: a head has 30 / 2 = 15 features, and they are turned in pairs

[Network(30)]
[{|NG1004:Rotary|}]
partial class Vector;
//! NG1004: Rotary expects a sequence (positions, features), but the network's input gives the vector (30); put it where the positions are still there, or give the network an input of (positions, features)

[Network(64, 30), PositionalEmbedding({|NG1001:32|})]
partial class Table;
//! NG1001: PositionalEmbedding expects at most 32 positions, but the network's input gives 64 (the sequence (64, 30))
