[Network(4, 9, 9)]
[MaxPool2d(3, 2, 1, Name = "p", ReturnIndices = true), MaxUnpool2d({|NG1063:2|}, Indices = "p", Padding = 1, Stride = 2), MaxPool2d(3, 2, 1, Name = "q", ReturnIndices = true)]
[Conv2d(4, 3), {|NG1063:MaxUnpool2d("q")|}, MaxPool2d([3, 3], [2, 1], Name = "r", ReturnIndices = true), MaxUnpool2d(3, Stride = {|NG1063:2|}, Padding = {|NG1063:1|}, Indices = "r"), Flatten]
[{|NG1004:MaxUnpool2d("r")|}]
partial class Net;
//! NG1063: MaxUnpool2d is the inverse of MaxPool2d 'p' and must have its kernel size, 3, but is given 2
//! NG1063: MaxUnpool2d is the inverse of MaxPool2d 'q' and takes one value for each of its windows, the feature map (4, 5, 5), but the preceding Conv2d gives the feature map (4, 3, 3)
//! NG1063: MaxUnpool2d is the inverse of MaxPool2d 'r' and must have its stride, (2, 1), but is given 2
//! NG1063: MaxUnpool2d is the inverse of MaxPool2d 'r' and must have its padding, 0, but is given 1
//! NG1004: MaxUnpool2d expects a feature map (channels, height, width), but the preceding Flatten gives the vector (324); put Flatten behind it, where a layer of vectors needs it: in front of it there is the feature map (4, 9, 9)
