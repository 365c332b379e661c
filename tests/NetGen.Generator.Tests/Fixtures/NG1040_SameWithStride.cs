[Network(3, 8, 8)]
[Conv2d(4, 3, Stride = {|NG1040:2|}, Padding = "same")]
[Conv2d(4, 3, Padding = "same", Dilation = 2)]
[Conv2d(4, [2, 3], Stride = new[] { 1, {|NG1040:3|} }, Padding = "same")]
[Conv2d(4, 4, Stride = 2, Padding = "valid")]
partial class Net;
//! NG1040: Conv2d's padding "same" needs stride 1, as in PyTorch, but the stride is 2: give the padding in numbers
//! NG1040: Conv2d's padding "same" needs stride 1, as in PyTorch, but the stride is (1, 3): give the padding in numbers
