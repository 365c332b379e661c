[Network(1, 30, 20)]
[MaxPool2d(2, {|NG3013:3|})]
partial class Pooling;

// 30 rows give 10 windows.
[Network(1, 30, 20)]
[AvgPool2d([2, 4], Stride = new[] { {|NG3013:3|}, 4 })]
partial class RowsOnly;

// Stride and dilation meet every other row only.
[Network(1, 31, 31)]
[Conv2d(4, 3, Stride = {|NG3013:2|}, Dilation = 2)]
partial class Dilated;

// Taps 0, 3 and 6 of every 2: all are met. One tap takes every other element on purpose.
[Network(1, 31, 31)]
[Conv2d(4, 3, Stride = 2, Dilation = 3), ReLU, Conv2d(4, 1, Stride = 2), ReLU, Conv2d(4, 3, Dilation = 2), AvgPool2d(2, 1), Conv2d(4, 2, Stride = 1)]
partial class Fine;

// One window has no neighbour.
[Network(1, 6, 6)]
[MaxPool2d(6, 7)]
partial class Single;
//! NG3013: MaxPool2d never reads 1 of every 3 rows and columns of its input: its window of 2 moves by 3
//! NG3013: AvgPool2d never reads 1 of every 3 rows of its input: its window of 2 moves by 3
//! NG3013: Conv2d never reads 1 of every 2 rows and columns of its input: its window of 3 with dilation 2 moves by 2
