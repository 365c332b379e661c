[Network(4, 2, 2)]
[Flatten(Name = "map"), Linear(8, Name = "fc1"), ReLU, Linear(6), Bilinear({|NG1001:7|}, {|NG1001:9|}, 4, From = "fc1"), Bilinear({|NG1005:0|}, 16, 3, From = "map"), Bilinear(3, {|NG1005:-1|}, {|NG1005:0|}, From = "map")]
partial class Net;

[Network(4, 2, 2)]
[Flatten, ReLU(Name = "r"), Bilinear({|NG1001:15|}, 16, 4, From = "r")]
partial class Flattened;

// A layer that is read besides is no step on the way to the next.
[Network(4)]
[Linear(6, Name = "a"), Linear(3), Bilinear(3, 6, 5, false, From = "a"), BatchNorm1d, Linear(4, Name = "b"), BatchNorm1d, Bilinear(4, 4, 2, From = "b")]
partial class Fits;

[Network(30000)]
[Linear(1, Name = "one"), Bilinear(1, 1, 30000, From = "one"), {|NG1011:Bilinear(1, From = "bilinear1")|}]
partial class Large;
//! NG1001: Bilinear expects 7 first input features, but the preceding Linear gives 6
//! NG1001: Bilinear expects 9 second input features, but 'fc1' gives 8
//! NG1005: Bilinear's number of first input features must be at least 1, but is 0
//! NG1005: Bilinear's number of second input features must be at least 1, but is −1
//! NG1005: Bilinear's number of output features must be at least 1, but is 0
//! NG1001: Bilinear expects 15 first input features, but the preceding ReLU gives 16 = 4 × 2 × 2
//! NG1011: The weight of Bilinear 'bilinear2', stored in whole blocks of 16, is too large: 16 × 900000000 = 14400000000 values, more than the limit of 2147483647
