[Network(1, 2, 9)]
[MaxPool2d(2, Stride = 1, Padding = 1, Dilation = {|NG1061:3|})]
partial class Rows;

[Network(1, 9, 2)]
[MaxPool2d(2, Stride = 1, Padding = 1, Dilation = new[] { 3, {|NG1061:3|} })]
partial class Columns;

[Network(1, 2, 2)]
[MaxPool2d(2, Stride = 1, Padding = 1, Dilation = {|NG1061:3|})]
partial class BothDirections;

[Network(1, 2)]
[MaxPool1d(4, 20, 2, {|NG1061:5|}, CeilMode = true)]
partial class Sequence;

[Network(1, 3, 3)]
[MaxPool2d(2, Stride = 1, Padding = 1, Dilation = 3)]
partial class Touches;
//! NG1061: MaxPool2d's first window has no element of its input: its first rows are −1 and −1 + 3 = 2, and the input has 2 rows (the feature map (1, 2, 9))
//! NG1061: MaxPool2d's first window has no element of its input: its first columns are −1 and −1 + 3 = 2, and the input has 2 columns (the feature map (1, 9, 2))
//! NG1061: MaxPool2d's first window has no element of its input: its first rows are −1 and −1 + 3 = 2, and the input has 2 rows (the feature map (1, 2, 2))
//! NG1061: MaxPool1d's first window has no element of its input: its first elements are −2 and −2 + 5 = 3, and the input has 2 elements (the sequence (1, 2))
