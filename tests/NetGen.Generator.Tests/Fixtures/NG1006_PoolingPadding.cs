[Network(1, 9, 9)]
[MaxPool2d(3, Stride = 1, Padding = {|NG1006:2|})]
[AvgPool2d([4, 5], Stride = 1, Padding = new[] { 2, {|NG1006:3|} })]
[AvgPool2d(1, Padding = {|NG1006:1|})]
partial class Net;
//! NG1006: MaxPool2d's padding of 2 exceeds half its window: floor(3 / 2) = 1 is the most for rows and columns
//! NG1006: AvgPool2d's padding of 3 exceeds half its window: floor(5 / 2) = 2 is the most for columns
//! NG1006: AvgPool2d's padding of 1 exceeds half its window: floor(1 / 2) = 0 is the most for rows and columns
