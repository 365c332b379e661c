[Network(8, 4, 4)]
[GroupNorm({|NG1070:3|}), GroupNorm({|NG1070:16|}, 8), GroupNorm({|NG1005:0|}), GroupNorm(2, {|NG1002:6|}), GroupNorm(8), GroupNorm(1, 8, 0, false)]
[Flatten, GroupNorm({|NG1070:5|}), GroupNorm(4, {|NG1001:100|}), GroupNorm(4, Eps = {|NG1074:-1|})]
partial class Net;
//! NG1070: GroupNorm's 3 groups do not divide the 8 channels that the network's input gives: 8 = 3 × 2 + 2
//! NG1070: GroupNorm's 16 groups do not divide the 8 channels that the preceding GroupNorm gives: 8 = 16 × 0 + 8
//! NG1005: GroupNorm's number of groups must be at least 1, but is 0
//! NG1002: GroupNorm expects 6 input channels, but the preceding GroupNorm gives 8: the feature map (8, 4, 4)
//! NG1070: GroupNorm's 5 groups do not divide the 128 features that the preceding Flatten gives: 128 = 5 × 25 + 3
//! NG1001: GroupNorm expects 100 input features, but the preceding GroupNorm gives 128
//! NG1074: GroupNorm's eps must be 0 or more, but is −1
