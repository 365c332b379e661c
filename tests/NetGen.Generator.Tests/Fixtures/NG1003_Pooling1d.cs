[Network(3, 8)]
[MaxPool1d({|NG1003:9|})]
partial class TooLong;

[Network(3, 9)]
[MaxPool1d({|NG3001:2|})]
[AvgPool1d({|NG1005:0|}), AvgPool1d(3, {|NG1005:0|}), MaxPool1d(3, 1, {|NG1008:-1|}), MaxPool1d(3, 1, {|NG1006:2|}), MaxPool1d(3, Dilation = {|NG1005:0|})]
partial class Sizes;

[Network(3, 9, 9)]
[{|NG1004:MaxPool1d(3)|}]
partial class OnImages;
//! NG1003: MaxPool1d's window of 9 elements does not fit into its padded input of 8 elements, 8 + 2·0 (the network's input gives the sequence (3, 8)): out = floor((8 + 2·0 − 9) / 9) + 1 = 0
//! NG3001: MaxPool1d never reads the last element of its input (the network's input gives the sequence (3, 9)): out = floor((9 + 2·0 − 2) / 2) + 1 = 4, and the windows reach (4 − 1)·2 + 2 − 0 = 8 of 9
//! NG1005: AvgPool1d's kernel size must be at least 1, but is 0
//! NG1005: AvgPool1d's stride must be at least 1, but is 0
//! NG1008: MaxPool1d's padding must not be negative, but is −1
//! NG1006: MaxPool1d's padding of 2 exceeds half its window: floor(3 / 2) = 1 is the most for elements
//! NG1005: MaxPool1d's dilation must be at least 1, but is 0
//! NG1004: MaxPool1d expects a sequence (channels, length), but the network's input gives the feature map (3, 9, 9); write MaxPool2d, or give it a sequence
