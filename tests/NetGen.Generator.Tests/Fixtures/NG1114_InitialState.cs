[Network, Input("source", 20, 16), Input("words", 12, 16)]
[From("source"), GRU(64, Name = "encoder")]
[From("words"), AttentionGRU(64, Memory = "encoder", InitialState = {|NG1114:"encoder"|}), Output("y")]
partial class AllStates;
//! NG1114: AttentionGRU starts from the state that InitialState names, but 'encoder' gives the sequence (20, 64), and a state is a vector of 64 features

[Network, Input("source", 20, 16), Input("words", 12, 16)]
[From("source"), GRU(32, Name = "encoder")]
[From("words"), AttentionGRU(64, Memory = "encoder", InitialState = {|NG1114:"encoder.h"|}), Output("y")]
partial class Narrow;
//! NG1114: AttentionGRU starts from the state that InitialState names, but 'encoder.h' gives the vector (32), and a state is a vector of 64 features

[Network, Input("source", 20, 16), Input("words", 12, 16)]
[From("source"), GRU(64, Name = "encoder"), Mean(1, Name = "start")]
[From("words"), AttentionGRU(64, Memory = "encoder", InitialState = {|NG1114:"strat"|}), Output("y")]
partial class Unknown;
//! NG1114: AttentionGRU starts from the state that InitialState names, but no layer in front of it is called 'strat'; did you mean 'start'?
