[Network]
[Input<int>("tokens", 8), {|NG1100:Linear(3)|}, Output("a")]
[From("tokens"), EmbeddingBag(10, 8, PaddingIndex = {|NG1102:10|}), Add({|NG1100:"tokens"|}), Output("b")]
[From("tokens"), {|NG1100:Residual<Rows>|}, Output("c")]
[From("tokens"), Identity, {|NG1100:Output("d")|}]
[Input("x", 4), {|NG1101:EmbeddingBag(10, 5, PaddingIndex = {|NG1102:-11|})|}, Output("e")]
[MSELoss(Of = "a"), MSELoss(Of = "d")]
partial class Net;

[Block, EmbeddingBag(10, 8)]
sealed class Rows;

[Network, Input<int>("tokens", 2, 8), {|NG1004:EmbeddingBag({|NG1005:0|}, 5)|}, Linear(2), CrossEntropyLoss]
partial class Several;

[{|NG1100:Network|}, Input<int>("tokens", 8), Identity, MSELoss]
partial class Nothing;

[Network, Input<int>("tokens", 3, 4), Embedding(9, 5, MaxNorm = {|NG1074:0|}, Scale = {|NG1074:double.NaN|}), Conv2d(4, 2), Output("a")]
[Input<int>("pixels", 3, 4, 4), {|NG1094:Embedding(9, 5)|}, Output("b")]
partial class Rank;

[Network, Input<{|NG2060:long|}>("tokens", 8), EmbeddingBag(10, 5), Linear(2), CrossEntropyLoss]
partial class Long;
//! NG1100: Linear takes floats, but the preceding Input<int> gives ints (8): put an Embedding or EmbeddingBag behind them, which makes floats of them
//! NG1102: EmbeddingBag: padding index 10 is the number of no row: the table has 10 rows, 0 to 9, or −10 to −1 from the end
//! NG1100: Add takes floats, but 'tokens' gives ints (8): put an Embedding or EmbeddingBag behind them, which makes floats of them
//! NG1100: Residual<Rows> takes floats, but the preceding From("tokens") gives ints (8): put an Embedding or EmbeddingBag behind them, which makes floats of them
//! NG1100: Output takes floats, but the preceding Identity gives ints (8): put an Embedding or EmbeddingBag behind them, which makes floats of them
//! NG1101: EmbeddingBag takes ints, but the preceding Input gives the vector (4): declare an input of ints for it to read, such as Input<int>("tokens", 4)
//! NG1102: EmbeddingBag: padding index −11 is the number of no row: the table has 10 rows, 0 to 9, or −10 to −1 from the end
//! NG1004: EmbeddingBag expects ints of one dimension, (length), but the preceding Input<int> gives ints (2, 8); give the network an input of ints of one dimension
//! NG1005: EmbeddingBag's number of rows must be at least 1, but is 0
//! NG1100: The network's output takes floats, but the preceding Identity gives ints (8): put an Embedding or EmbeddingBag behind them, which makes floats of them
//! NG1074: Embedding's maxNorm must be a number above 0, but is 0
//! NG1074: Embedding's scale must be a finite number, but is NaN
//! NG1094: Embedding adds a dimension, but the preceding Input<int> gives ints (3, 4, 4), and a sample has at most 3 dimensions (channels, height, width)
//! NG2060: Input<long>: the elements of an input are ints, as of Input<int>(…), or floats, as of Input(…); not long
