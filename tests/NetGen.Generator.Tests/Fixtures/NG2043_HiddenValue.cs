[Network(4)]
[ReLU, Sequential<Outer>(Name = ""), Sequential<Outer>]
partial class Net;

[Block, ReLU, Linear(4, Name = "relu3"), Sequential<Inner>, Sequential<Other>]
class Outer;

[Block, ReLU(Name = "relu2"), Add({|NG2043:"relu1"|}), Linear(4), Tanh, Linear(4, Shares = "linear1")]
class Inner;

[Block, ReLU, Add("relu1")]
class Other;
//! NG2043: Add reads 'relu1', which is called 'relu2' where the block around is used without a name; a nearer layer is called that, too: give 'relu1' a Name
