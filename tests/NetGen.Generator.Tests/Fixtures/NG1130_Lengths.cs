[Network, Input<int>("tokens", UpTo = 16)]
[Embedding(50, 8), {|NG1130:Conv1d(4, 3)|}, Output("a")]
[From("tokens"), Embedding(50, 8), {|NG1130:Flatten|}, Linear(3), Output("b")]
[From("tokens"), Embedding(50, 8), {|NG1130:LayerNorm|}, Output("c")]
[From("tokens"), Embedding(50, 8, Name = "e"), Linear(8), Mean(1), Output("d")]
[Input("x", 8, UpTo = 16), Add({|NG1082:"e"|}), Output("f")]
[Input("y", 8, Like = "x"), {|NG1130:Mean(1, KeepDim = true)|}, Output("g"), From("y"), {|NG1130:Select(1, 2)|}, Output("h")]
partial class Net;

[Network, Input<int>("tokens", {|NG1131:4|}, UpTo = 16)]
[{|NG1131:Input("x", UpTo = 16)|}, Mean(1), Output("a")]
[Input("y", 3, UpTo = {|NG1131:16|}, Like = "tokens"), Mean(1), Output("b")]
[Input("z", 3), Input("w", 3, Like = {|NG1131:"z"|}), Mean(1), Output("c")]
[Input("v", 3, UpTo = {|NG1005:0|}), Mean(1), Output("d")]
partial class Wrong;

[Network, Input("x", 4, UpTo = 9)]
[Linear(5), Output("a"), Output("b"), ReLU, Linear(3), Output("c")]
[CrossEntropyLoss(Of = "a", Dim = -1), {|NG1130:CosineEmbeddingLoss(Of = "b")|}, BCEWithLogitsLoss(Of = "c", PosWeight = {|NG1020:new[] { 1f, 2f, 3f }|})]
partial class Losses;

[Network(6, 5)]
[Output("a"), Linear(4), Output("b"), Select(1, 0), Output("c")]
[{|NG1132:CrossEntropyLoss(Of = "a")|}, CrossEntropyLoss(Of = "b", Dim = {|NG1132:3|}), CrossEntropyLoss(Of = "c", Dim = {|NG1132:2|})]
partial class Classes;
//! NG1130: Conv1d needs a length that is known at compile time, but the preceding Embedding gives the sequence (up to 16, 8), of which each sample has as many positions as it brings for 'tokens'; declare that input with a fixed length of 16, or make one vector of the positions first: Mean(1), Amax(1), Select(1, -1)
//! NG1130: Flatten needs a length that is known at compile time, but the preceding Embedding gives the sequence (up to 16, 8), of which each sample has as many positions as it brings for 'tokens'; declare that input with a fixed length of 16, or make one vector of the positions first: Mean(1), Amax(1), Select(1, -1)
//! NG1130: LayerNorm needs a length that is known at compile time, but the preceding Embedding gives the sequence (up to 16, 8), of which each sample has as many positions as it brings for 'tokens'; declare that input with a fixed length of 16, or make one vector of the positions first: Mean(1), Amax(1), Select(1, -1)
//! NG1082: Add needs operands that broadcast, but the preceding Input gives the sequence (up to 16, 8) and 'e' gives the sequence (up to 16, 8): the length of one is what each sample brings for 'x', of the other what each sample brings for 'tokens'
//! NG1130: Mean needs a length that is known at compile time, but the preceding Input gives the sequence (up to 16, 8), of which each sample has as many positions as it brings for 'x'; declare that input with a fixed length of 16, or make one vector of the positions first: Mean(1), Amax(1), Select(1, -1)
//! NG1130: Select needs a length that is known at compile time, but the preceding From("y") gives the sequence (up to 16, 8), of which each sample has as many positions as it brings for 'x'; declare that input with a fixed length of 16, or make one vector of the positions first: Mean(1), Amax(1), Select(1, -1)
//! NG1131: Input<int>: behind the name of ints with UpTo or Like stands no further dimension, for each position has one int
//! NG1131: Input: behind the name of floats with UpTo or Like stand the features of a position, one number
//! NG1131: Input: UpTo gives it a length of its own, and Like that of another input: leave one of them out
//! NG1131: Input: 'z' is the vector (3), whose length is fixed: name an input that has UpTo
//! NG1005: Input's number of positions must be at least 1, but is 0
//! NG1130: CosineEmbeddingLoss needs a length that is known at compile time, but 'b' gives the sequence (up to 9, 5), of which each sample has as many positions as it brings for 'x'; declare that input with a fixed length of 9, or make one vector of the positions first: Mean(1), Amax(1), Select(1, -1)
//! NG1020: BCEWithLogitsLoss's PosWeight has 3 values, but needs one for all: 'c' gives the sequence (up to 9, 3)
//! NG1132: CrossEntropyLoss: it takes dimension 1 for the classes, as PyTorch does of (batch, classes, positions), and 'a' gives the sequence (6, 5); write Dim = -1 for scores of classes at each position
//! NG1132: CrossEntropyLoss: Dim = 3 is not the last dimension of the sequence (6, 4); write Dim = -1
//! NG1132: CrossEntropyLoss: Dim = 2 is not the last dimension of the vector (4); write Dim = -1
