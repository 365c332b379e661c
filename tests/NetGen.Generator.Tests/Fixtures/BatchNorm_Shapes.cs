[Network(8, 4, 4)]
[BatchNorm2d({|NG1002:16|}), {|NG1004:BatchNorm1d(8)|}, Flatten]
[BatchNorm1d({|NG1001:8|}), {|NG1004:BatchNorm2d(128)|}, BatchNorm1d({|NG1005:0|})]
partial class Net;
//! NG1002: BatchNorm2d expects 16 input channels, but the network's input gives 8: the feature map (8, 4, 4)
//! NG1004: BatchNorm1d expects a vector or a sequence (channels, length), but the preceding BatchNorm2d gives the feature map (8, 4, 4); use BatchNorm2d
//! NG1001: BatchNorm1d expects 8 input features, but the preceding Flatten gives 128
//! NG1004: BatchNorm2d expects a feature map (channels, height, width), but the preceding BatchNorm1d gives the vector (128); write BatchNorm1d, or give it a feature map
//! NG1005: BatchNorm1d's number of features must be at least 1, but is 0
