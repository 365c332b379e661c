[Network(1, {|NG1005:0|}, 28)]
[Conv2d({|NG1005:0|}, {|NG1005:-4|}, {|NG1005:0|}, {|NG1005:0|})]
[Conv2d({|NG1005:0|}, [3, {|NG1005:0|}], Stride = new[] { 1, {|NG1005:-1|} })]
[Conv2d(4, 3, Dilation = new[] { 1, {|NG1005:0|} })]
[MaxPool2d({|NG1005:-2|}), AvgPool2d(2, Stride = {|NG1005:0|})]
[Flatten, Linear({|NG1005:0|}, {|NG1005:-10|})]
partial class Net;

[Network([2, {|NG1005:-1|}, 8])]
[ReLU]
partial class ByCollection;

[Network({|NG1005:0|})]
[ReLU]
partial class Vector;
//! NG1005: Network's input height must be at least 1, but is 0
//! NG1005: Conv2d's number of input channels must be at least 1, but is 0
//! NG1005: Conv2d's number of output channels must be at least 1, but is −4
//! NG1005: Conv2d's kernel size must be at least 1, but is 0
//! NG1005: Conv2d's stride must be at least 1, but is 0
//! NG1005: Conv2d's number of output channels must be at least 1, but is 0
//! NG1005: Conv2d's kernel size must be at least 1, but is (3, 0)
//! NG1005: Conv2d's stride must be at least 1, but is (1, −1)
//! NG1005: Conv2d's dilation must be at least 1, but is (1, 0)
//! NG1005: MaxPool2d's kernel size must be at least 1, but is −2
//! NG1005: AvgPool2d's stride must be at least 1, but is 0
//! NG1005: Linear's number of input features must be at least 1, but is 0
//! NG1005: Linear's number of output features must be at least 1, but is −10
//! NG1005: Network's input height must be at least 1, but is −1
//! NG1005: Network's number of input features must be at least 1, but is 0
