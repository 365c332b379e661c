[{|NG1010:Network|}]
[Conv2d(1, 4, 3), Flatten, Linear(4, 3)]
partial class None;

[{|NG1010:Network(28, 28)|}]
[Linear(4), ReLU, Linear({|NG1001:5|}, 6)]
partial class Two;

[{|NG1010:Network(1, 2, 3, 4)|}]
[ReLU]
partial class Four;

[{|NG1010:Network(null!)|}]
[ReLU]
partial class Null;
//! NG1010: Network expects 1 dimension (features) or 3 dimensions (channels, height, width), but none is given
//! NG1010: Network expects 1 dimension (features) or 3 dimensions (channels, height, width), but 2 are given
//! NG1001: Linear expects 5 input features, but the preceding ReLU gives 4
//! NG1010: Network expects 1 dimension (features) or 3 dimensions (channels, height, width), but 4 are given
//! NG1010: Network expects 1 dimension (features) or 3 dimensions (channels, height, width), but none is given
