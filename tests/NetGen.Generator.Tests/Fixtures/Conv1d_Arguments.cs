[Network(4, 10)]
[Conv1d(8, 3, Padding = "same"), ReLU, Conv1d(16, {|NG1003:30|})]
partial class TooLong;

[Network(4, 10)]
[Conv1d({|NG1005:0|}, {|NG1005:-1|}, Stride = {|NG1005:0|}, Dilation = {|NG1005:0|}, Padding = {|NG1008:-1|})]
[Conv1d(4, 3, Padding = {|NG1013:new[] { 1, 1 }|})]
[Conv1d(4, 3, Padding = "same", Stride = {|NG1040:2|})]
[Conv1d({|NG1002:5|}, 4, 3)]
partial class Arguments;

[Network(4, 3)]
[Conv1d(4, 3, Padding = {|NG1041:3|}, PaddingMode = "reflect"), ReLU]
[Conv1d(4, {|NG3001:2|}, Stride = 2)]
partial class Drops;

[Network(4, 10, 10)]
[{|NG1004:Conv1d(4, 3)|}]
partial class Image;

[Network(4, 10)]
[{|NG1004:Conv2d(4, 3)|}]
partial class Sequence;
//! NG1003: Conv1d's window of 30 elements does not fit into its padded input of 10 elements, 10 + 2·0 (the preceding ReLU gives the sequence (8, 10)): out = floor((10 + 2·0 − 30) / 1) + 1 = −19
//! NG1005: Conv1d's number of output channels must be at least 1, but is 0
//! NG1005: Conv1d's kernel size must be at least 1, but is −1
//! NG1005: Conv1d's stride must be at least 1, but is 0
//! NG1005: Conv1d's dilation must be at least 1, but is 0
//! NG1008: Conv1d's padding must not be negative, but is −1
//! NG1013: Conv1d's padding takes one int, "same", "causal" or "valid", but a list of 2 was given
//! NG1040: Conv1d's padding "same" needs stride 1, as in PyTorch, but the stride is 2: give the padding in numbers
//! NG1002: Conv1d expects 5 input channels, but the preceding Conv1d gives 4: the sequence (4, ?)
//! NG1041: Conv1d's reflecting padding of 3 elements must be smaller than its input of 3 elements (the network's input gives the sequence (4, 3)): the border itself is not repeated, so that there are 3 elements − 1 = 2 to mirror
//! NG3001: Conv1d never reads the last element of its input (the preceding ReLU gives the sequence (4, 7)): out = floor((7 + 2·0 − 2) / 2) + 1 = 3, and the windows reach (3 − 1)·2 + 2 − 0 = 6 of 7
//! NG1004: Conv1d expects a sequence (channels, length), but the network's input gives the feature map (4, 10, 10); write Conv2d, or give it a sequence
//! NG1004: Conv2d expects a feature map (channels, height, width), but the network's input gives the sequence (4, 10); write Conv1d, or give it a feature map
