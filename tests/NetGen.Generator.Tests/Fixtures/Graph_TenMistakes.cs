// Ten mistakes of different kinds in one graph: each is reported where it is, all in one build, and nothing that is right beside them.
[Network]
[Input("image", 3, 16, 16), Conv2d(8, 3, Padding = 1, Name = "stem"), ReLU, MaxPool2d(2, Name = "half")]
[Sequential<Body>(8, Name = "body"), Add({|NG1081:"hlaf"|}), Output("mask")]
[From("stem"), Tanh, Concat({|NG1083:"half"|}), Output("joined")]
[From("half"), Sigmoid, Mul({|NG1082:"stem"|}), Output("scaled")]
[From("stem"), Conv2d(8, 3, Padding = 1, Shares = {|NG1085:"stem"|}), Output("again")]
[From("half"), Permute(2, {|NG1090:2|}, 3), Output("turned")]
[From("half"), Slice(2, {|NG1091:8|}), Output("part")]
[From("half"), AdaptiveAvgPool2d(1), Flatten, Linear(12, Name = "seen")]
[Input("position", 5), Linear({|NG1001:6|}, 12), Add("seen"), ReLU(Name = "features"), Linear(4), Output("kind")]
[From("features"), Linear(3), Output("box")]
[CrossEntropyLoss(Of = {|NG1086:"kinds"|}), SmoothL1Loss(Of = "box", Factor = {|NG1021:double.NaN|})]
partial class Net;

[Block, Conv2d(Channels, 3, Padding = 1), ReLU, {|NG2027:Output("inside")|}]
sealed class Body
{
    internal const int Channels = 4;
}
//! NG1081: Add reads an earlier value by its name, but no layer in front of it is called 'hlaf'; did you mean 'half'?
//! NG1083: Concat puts values one behind the other along dimension 1, so all others must be equal, but the preceding Tanh gives the feature map (8, 16, 16) and 'half' gives the feature map (8, 8, 8): dimension 2 is 16 and 8
//! NG1082: Mul needs operands that broadcast, but the preceding Sigmoid gives the feature map (8, 8, 8) and 'stem' gives the feature map (8, 16, 16): dimension 2 is 8 and 16, and only equal ones, or a 1, fit
//! NG1085: Conv2d cannot use the parameters of 'stem': its 'weight' would be [8, 8, 3, 3], and that one has [8, 3, 3, 3]
//! NG1090: Permute's dims (2, 2, 3) name dimension 2 twice (the preceding From("half") gives the feature map (8, 8, 8))
//! NG1091: Slice's range 8: leaves nothing of dimension 2, which has 8 elements: from 8 to before 8 (the preceding From("half") gives the feature map (8, 8, 8))
//! NG1001: Linear expects 6 input features, but the preceding Input gives 5
//! NG1086: CrossEntropyLoss compares an output with a target, but there is no output 'kinds'; there are 'mask', 'joined', 'scaled', 'again', 'turned', 'part', 'kind', 'box'
//! NG1021: SmoothL1Loss's factor must be a finite number, but is NaN
//! NG2027: Block 'Body' has an attribute Output: only the network itself has inputs and outputs; in a block "input" names what it is given
