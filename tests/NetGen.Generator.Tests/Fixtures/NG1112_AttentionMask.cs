[Network, Input("x", 64, 96), Input("mask", 64, 64)]
[From("x"), ScaledDotProductAttention(Query = "x", Key = "x", Heads = 4, Mask = {|NG1112:"masc"|}), Output("y")]
partial class Net;
//! NG1112: ScaledDotProductAttention adds to its scores what Mask names, but no layer in front of it is called 'masc'; did you mean 'mask'?
