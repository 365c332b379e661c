[Network(1, 9, 9)]
[Conv2d(1, 4, 3, padding: {|NG1008:-1|}), MaxPool2d(2, Padding = new[] { 0, {|NG1008:-2|} })]
partial class Net;
//! NG1008: Conv2d's padding must not be negative, but is −1
//! NG1008: MaxPool2d's padding must not be negative, but is (0, −2)
