[Network(64, 100)]
[LSTM(100, 48), GRU({|NG1001:64|}, 32), RNN({|NG1001:16|}, 8, Nonlinearity = "relu")]
partial class Net;
//! NG1001: GRU expects 64 input features, but the preceding LSTM gives 48 at each of 64 positions (the sequence (64, 48)); features come last: put Transpose(1, 2) in front of it
//! NG1001: RNN expects 16 input features, but the preceding GRU gives 32 at each of 64 positions (the sequence (64, 32))

[Network(64, 100)]
[LSTM({|NG1005:0|}, NumLayers = {|NG1005:-1|}, Dropout = {|NG1009:1.5|})]
partial class Sizes;
//! NG1005: LSTM's hidden size must be at least 1, but is 0
//! NG1005: LSTM's number of layers must be at least 1, but is −1
//! NG1009: LSTM's probability p must lie between 0 and 1, but is 1.5

[Network(64)]
[{|NG1004:GRU(32)|}]
partial class Vector;
//! NG1004: GRU expects a sequence (positions, features), but the network's input gives the vector (64); give the network an input of (positions, features)

[Network(64, 100)]
[LSTM(20, NumLayers = {|NG1074:2_000|}), RNN(16, Nonlinearity = {|NG1013:"gelu"|})]
partial class Layers;
//! NG1074: LSTM's number of layers must be at most 1000, but is 2000
//! NG1013: RNN's nonlinearity takes "tanh" or "relu", but the text "gelu" was given

[Network(64, 100)]
[LSTM(48, ProjSize = {|NG1074:48|}), Linear(2)]
partial class Projected;
//! NG1074: LSTM's projSize must be 0 (none), or above it and below hiddenSize, which is 48, but is 48

[Network(64, 100)]
[LSTM({|NG1005:0|}, ProjSize = {|NG1074:-1|})]
partial class ProjectedNothing;
//! NG1005: LSTM's hidden size must be at least 1, but is 0
//! NG1074: LSTM's projSize must be 0 (none) or more, but is −1

[Network(64, 100)]
[LSTM(64, ProjSize = 16, Bidirectional = true), GRU({|NG1001:64|}, 8)]
partial class ProjectedBehind;
//! NG1001: GRU expects 64 input features, but the preceding LSTM gives 32 at each of 64 positions (the sequence (64, 32)); features come last: put Transpose(1, 2) in front of it
