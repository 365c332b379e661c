[{|NG1010:Network|}]
[Conv2d(1, 4, 3), Flatten, Linear(4, 3)]
partial class None;

[{|NG1010:Network(1, 1, 28, 28, 1)|}]
[Linear(4), ReLU, Linear({|NG1001:5|}, 6)]
partial class Five;

[Network({|NG1005:0|}, {|NG1005:-1|})]
[ReLU]
partial class Two;

[{|NG1010:Network(1, 2, 3, 4)|}]
[ReLU]
partial class Four;

[{|NG1010:Network(null!)|}]
[ReLU]
partial class Null;
//! NG1010: Network expects 1 dimension (features), 2 (channels, length) or 3 (channels, height, width), but none is given
//! NG1010: Network expects 1 dimension (features), 2 (channels, length) or 3 (channels, height, width), but 5 are given
//! NG1001: Linear expects 5 input features, but the preceding ReLU gives 4
//! NG1005: Network's number of input channels must be at least 1, but is 0
//! NG1005: Network's input length must be at least 1, but is −1
//! NG1010: Network expects 1 dimension (features), 2 (channels, length) or 3 (channels, height, width), but 4 are given; the batch is no dimension of a sample, leave it out
//! NG1010: Network expects 1 dimension (features), 2 (channels, length) or 3 (channels, height, width), but none is given
