[Network(8, 5, 6)]
[ConvTranspose2d(8, 4, 3, stride: 2, padding: 1, outputPadding: {|NG1044:2|})]
partial class Stride;

[Network(8, 5, 6)]
[ConvTranspose2d(4, 3, Stride = 2, OutputPadding = new[] { 1, {|NG1044:3|} }, Dilation = 3)]
partial class Columns;

[Network(8, 5, 6)]
[ConvTranspose2d(4, 3, Stride = 2, OutputPadding = 2, Dilation = 3)]
partial class ByDilation;

[Network(8, 5, 6)]
[ConvTranspose2d({|NG1002:6|}, 4, 3), ConvTranspose2d(7, 3, Groups = {|NG1043:{|NG1043:3|}|})]
[ConvTranspose2d(4, {|NG1005:0|}, Stride = {|NG1005:0|}, Dilation = {|NG1005:-1|}, Padding = {|NG1008:-1|}, OutputPadding = {|NG1008:-2|})]
partial class Others;
//! NG1044: ConvTranspose2d's output padding of 2 rows and columns must be smaller than its stride of 2 or its dilation of 1: it chooses among the input sizes that a convolution brings to one output size, of which there are no more
//! NG1044: ConvTranspose2d's output padding of 3 columns must be smaller than its stride of 2 or its dilation of 3: it chooses among the input sizes that a convolution brings to one output size, of which there are no more
//! NG1002: ConvTranspose2d expects 6 input channels, but the network's input gives 8: the feature map (8, 5, 6)
//! NG1043: ConvTranspose2d cannot divide its 4 input channels among 3 groups: 4 = 3·1 + 1
//! NG1043: ConvTranspose2d cannot divide its 7 output channels among 3 groups: 7 = 3·2 + 1
//! NG1005: ConvTranspose2d's kernel size must be at least 1, but is 0
//! NG1005: ConvTranspose2d's stride must be at least 1, but is 0
//! NG1005: ConvTranspose2d's dilation must be at least 1, but is −1
//! NG1008: ConvTranspose2d's padding must not be negative, but is −1
//! NG1008: ConvTranspose2d's output's padding must not be negative, but is −2
