[Network(1, 7, 9)]
[MaxPool2d({|NG3001,NG3001:2|})]
partial class Both;

[Network(1, 7, 8)]
[MaxPool2d({|NG3001:2|})]
partial class Rows;

[Network(1, 9, 10)]
[Conv2d(4, {|NG3001:3|}, Stride = 2), MaxPool2d(2)]
partial class Columns;

[Network(1, 8, 8)]
[MaxPool2d({|NG3001:3|}), AvgPool2d(2, CeilMode = true, Stride = 2)]
partial class TwoRows;

// Nothing of the input is lost: padding that is not read, and the gaps of a stride above the kernel.
[Network(1, 28, 28)]
[Conv2d(4, 3, Stride = 2, Padding = 1), ReLU, Conv2d(4, 1, Stride = 2), MaxPool2d(2, CeilMode = true), MaxPool2d(2)]
partial class Nothing;

#pragma warning disable NG3001
[Network(1, 7, 7)]
[MaxPool2d(2)]
partial class Suppressed;
//! NG3001: MaxPool2d never reads the last row of its input (the network's input gives the feature map (1, 7, 9)): out = floor((7 + 2·0 − 2) / 2) + 1 = 3, and the windows reach (3 − 1)·2 + 2 − 0 = 6 of 7
//! NG3001: MaxPool2d never reads the last column of its input (the network's input gives the feature map (1, 7, 9)): out = floor((9 + 2·0 − 2) / 2) + 1 = 4, and the windows reach (4 − 1)·2 + 2 − 0 = 8 of 9
//! NG3001: MaxPool2d never reads the last row of its input (the network's input gives the feature map (1, 7, 8)): out = floor((7 + 2·0 − 2) / 2) + 1 = 3, and the windows reach (3 − 1)·2 + 2 − 0 = 6 of 7
//! NG3001: Conv2d never reads the last column of its input (the network's input gives the feature map (1, 9, 10)): out = floor((10 + 2·0 − 3) / 2) + 1 = 4, and the windows reach (4 − 1)·2 + 3 − 0 = 9 of 10
//! NG3001: MaxPool2d never reads the last 2 rows and columns of its input (the network's input gives the feature map (1, 8, 8)): out = floor((8 + 2·0 − 3) / 3) + 1 = 2, and the windows reach (2 − 1)·3 + 3 − 0 = 6 of 8
