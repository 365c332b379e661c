[Network(3, 8, 8)]
[Conv2d(8, 3, Padding = 1, Name = "a"), ReLU, Conv2d(8, 3, Padding = 1, Shares = {|NG1085:"a"|}), Conv2d(8, 3, Shares = {|NG1085:"c"|})]
[Conv2d(8, 3, Padding = 1, Bias = false, Name = "b"), Conv2d(8, 3, Padding = 1, Name = "d"), Conv2d(8, 3, Padding = 2, Shares = "d")]
[Conv2d(8, 3, Shares = {|NG1085:"b"|}), Conv2d(8, 3, Bias = false, Shares = {|NG1085:"d"|}), ReLU(Name = "r"), ReLU(Shares = {|NG1085:"r"|})]
[BatchNorm2d(Shares = {|NG1085:"d"|}), BatchNorm2d(Shares = {|NG1085:"input"|}), Conv2d(8, 1, Shares = {|NG1085:"later"|})]
[Sequential<Tower>(8, Name = "t"), Sequential<Tower>(8, Shares = "t"), Sequential<Tower>(16, Shares = {|NG1085:"t"|})]
[Sequential<Other>(Shares = {|NG1085:"t"|}), Conv2d(4, 1, Name = "later")]
partial class Net;

[Block, Conv2d(W, 3, Padding = 1, Bias = false), BatchNorm2d, ReLU]
sealed class Tower
{
    internal const int W = 4;
}

[Block, Conv2d(8, 3), ReLU]
sealed class Other;
//! NG1085: Conv2d cannot use the parameters of 'a': its 'weight' would be [8, 8, 3, 3], and that one has [8, 3, 3, 3]
//! NG1085: Conv2d cannot use the parameters of 'c': no layer in front of it is called 'c'
//! NG1085: Conv2d cannot use the parameters of 'b': its 'bias' would be [8], and that one has none
//! NG1085: Conv2d cannot use the parameters of 'd': it has no 'bias', and that one has [8]
//! NG1085: ReLU cannot use the parameters of 'r': neither has parameters
//! NG1085: BatchNorm2d cannot use the parameters of 'd': it is BatchNorm2d, and that is Conv2d
//! NG1085: BatchNorm2d cannot use the parameters of 'input': 'input' is no layer, but what the layers here are given
//! NG1085: Conv2d cannot use the parameters of 'later': 'later' stands behind it
//! NG1085: Sequential<Tower> cannot use the parameters of 't': its 'conv1.weight' would be [16, 8, 3, 3], and that one has [8, 8, 3, 3]
//! NG1085: Sequential<Other> cannot use the parameters of 't': it is Sequential<Other>, and that is Sequential<Tower>
