[Network(1, 5, 6)]
[Conv2d(1, 4, [{|NG1003:7|}, 3])]
[Conv2d(4, 4, 3)]
partial class Rows;

[Network(1, 5, 5)]
[MaxPool2d({|NG1003:7|})]
[Flatten, Linear(3, 4)]
partial class Both;

[Network(1, 5, 5)]
[Conv2d(1, 1, [7, 7], padding: [1, 1])]
partial class JustFits;

[Network(1, 2, 2)]
[MaxPool2d(3, CeilMode = true, Stride = 3, Padding = 1), MaxPool2d({|NG1003:3|})]
partial class CeilMode;

[Network(1, 4, 3)]
[AvgPool2d([{|NG1003:9|}, {|NG1003:8|}], Padding = 2)]
partial class EachDirection;

[Network(1, 6, 8)]
[Conv2d(4, [{|NG1003:4|}, 3], Dilation = new[] { 2, 3 })]
partial class Dilated;
//! NG1003: Conv2d's window of 7 rows does not fit into its padded input of 5 rows, 5 + 2·0 (the network's input gives the feature map (1, 5, 6)): out = floor((5 + 2·0 − 7) / 1) + 1 = −1
//! NG1003: MaxPool2d's window of 7 rows and columns does not fit into its padded input of 5 rows and columns, 5 + 2·0 (the network's input gives the feature map (1, 5, 5)): out = floor((5 + 2·0 − 7) / 7) + 1 = 0
//! NG1003: MaxPool2d's window of 3 rows and columns does not fit into its padded input of 1 row and column, 1 + 2·0 (the preceding MaxPool2d gives the feature map (1, 1, 1)): out = floor((1 + 2·0 − 3) / 3) + 1 = 0
//! NG1003: AvgPool2d's window of 9 rows does not fit into its padded input of 8 rows, 4 + 2·2 (the network's input gives the feature map (1, 4, 3)): out = floor((4 + 2·2 − 9) / 9) + 1 = 0
//! NG1003: AvgPool2d's window of 8 columns does not fit into its padded input of 7 columns, 3 + 2·2 (the network's input gives the feature map (1, 4, 3)): out = floor((3 + 2·2 − 8) / 8) + 1 = 0
//! NG1003: Conv2d's window of 7 rows does not fit into its padded input of 6 rows, 6 + 2·0 (the network's input gives the feature map (1, 6, 8)): out = floor((6 + 2·0 − 2·(4 − 1) − 1) / 1) + 1 = 0
