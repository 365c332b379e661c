// Mistakes of a block are reported once, used or not.
[Block, Conv2d(8, {|NG1005:0|}, 3), Flatten, Linear(4), ReLU, Linear({|NG1001:5|}, 4)]
class Unused;

[Network(4)]
[Residual<Used>, ReLU, Residual<Used>]
partial class First;

[Network(4)]
[Residual<Used>]
partial class Second;

[Block, Dropout({|NG1009:2|}), Linear(4)]
class Used;
//! NG1005: Conv2d's number of output channels must be at least 1, but is 0
//! NG1001: Linear expects 5 input features, but the preceding ReLU gives 4
//! NG1009: Dropout's probability p must lie between 0 and 1, but is 2
