[Network(3, 8, 8)]
[Conv2d({|NG1002:1|}, 16, 3), ReLU, Conv2d({|NG1002:15|}, 8, 3, Padding = 1)]
[Conv2d(8, 4, [3, 1])]
partial class Net;
//! NG1002: Conv2d expects 1 input channel, but the network's input gives 3: the feature map (3, 8, 8)
//! NG1002: Conv2d expects 15 input channels, but the preceding ReLU gives 16: the feature map (16, 6, 6)
