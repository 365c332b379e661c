[Network, Input("source", 20, 16), Input("words", 12, 16)]
[From("source"), GRU(64, Name = "encoder")]
[From("words"), AttentionGRU(64, Memory = "encoder", InitialState = {|NG1114:"encoder"|}), Output("y")]
partial class AllStates;
//! NG1114: AttentionGRU starts from a state that is named, but 'encoder' gives the sequence (20, 64), and a state is a vector of 64 features

[Network, Input("source", 20, 16), Input("words", 12, 16)]
[From("source"), GRU(32, Name = "encoder")]
[From("words"), AttentionGRU(64, Memory = "encoder", InitialState = {|NG1114:"encoder.h"|}), Output("y")]
partial class Narrow;
//! NG1114: AttentionGRU starts from a state that is named, but 'encoder.h' gives the vector (32), and a state is a vector of 64 features

[Network, Input("source", 20, 16), Input("words", 12, 16)]
[From("source"), GRU(64, Name = "encoder"), Mean(1, Name = "start")]
[From("words"), AttentionGRU(64, Memory = "encoder", InitialState = {|NG1114:"strat"|}), Output("y")]
partial class Unknown;
//! NG1114: AttentionGRU starts from a state that is named, but no layer in front of it is called 'strat'; did you mean 'start'?

[Network, Input("source", 20, 16), Input("words", 12, 16)]
[From("source"), LSTM(64, NumLayers = 2, Name = "encoder")]
[From("words"), LSTM(64, InitialState = {|NG1114:"encoder.h"|}, InitialCell = {|NG1114:"encoder.c"|}), Output("y")]
partial class Deeper;
//! NG1114: LSTM starts from a state that is named, but 'encoder.h' gives the sequence (2, 64), and a state is a vector of 64 features
//! NG1114: LSTM starts from a state that is named, but 'encoder.c' gives the sequence (2, 64), and a state is a vector of 64 features

[Network, Input("source", 20, 16), Input("words", 12, 16)]
[From("source"), GRU(64, Name = "encoder")]
[From("words"), GRU(64, Bidirectional = true, InitialState = {|NG1114:"encoder.h"|}), Output("y")]
partial class OneDirection;
//! NG1114: GRU starts from a state that is named, but 'encoder.h' gives the vector (64), and states of all layers and directions are a sequence (2, 64)

[Network, Input("source", 20, 16), Input("words", 12, 16)]
[From("source"), LSTM(64, ProjSize = 16, Name = "encoder")]
[From("words"), LSTM(64, ProjSize = 16, InitialState = {|NG1114:"encoder.c"|}, InitialCell = {|NG1114:"encoder.h"|}), Output("y")]
partial class Projected;
//! NG1114: LSTM starts from a state that is named, but 'encoder.c' gives the vector (64), and a projected state is a vector of 16 features
//! NG1114: LSTM starts from a state that is named, but 'encoder.h' gives the vector (16), and a cell state is a vector of 64 features
