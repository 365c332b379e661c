[Network(1, 28, 28)]
[Flatten, {|NG1004:Conv2d(1, 8, 3)|}, ReLU, MaxPool2d(2), Linear(10), CrossEntropyLoss]
partial class Net;

[Network(1, 28, 28)]
[Flatten, Residual<Body>, CrossEntropyLoss]
partial class InBlock;

[Network(8, 64)]
[Flatten, {|NG1004:Conv1d(8, 8, 3)|}, Softmax]
partial class Sequence;

[Block]
[{|NG1004:Conv2d(8, 3, Padding = 1)|}]
class Body;
//! NG1004: Conv2d expects a feature map (channels, height, width), but the preceding Flatten gives the vector (784); put Flatten behind it, where a layer of vectors needs it: in front of it there is the feature map (1, 28, 28)
//! NG1004: Conv1d expects a sequence (channels, length), but the preceding Flatten gives the vector (512); give the network an input of (channels, length)
//! NG1004: Conv2d 'residual1.conv1' expects a feature map (channels, height, width), but the block's input gives the vector (784); put it before Flatten, or give the network an input of (channels, height, width)
