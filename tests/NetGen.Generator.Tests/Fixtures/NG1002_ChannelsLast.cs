[Network(28, 28, 3)]
[Conv2d({|NG1002:3|}, 8, 3)]
partial class Image;

[Network(32, 24, 3)]
[ReLU, BatchNorm2d({|NG1002:3|})]
partial class Normalised;

[Network(100, 8)]
[Conv1d({|NG1002:8|}, 16, 3)]
partial class Sequence;

// Here 64 channels come, and 3 is a coincidence.
[Network(3, 5, 5)]
[Conv2d(3, 64, 3), Conv2d({|NG1002:3|}, 8, 3)]
partial class Behind;
//! NG1002: Conv2d expects 3 input channels, but the network's input gives 28: the feature map (28, 28, 3); channels come first, as in PyTorch: write [Network(3, 28, 28)]
//! NG1002: BatchNorm2d expects 3 input channels, but the preceding ReLU gives 32: the feature map (32, 24, 3); channels come first, as in PyTorch: write [Network(3, 32, 24)]
//! NG1002: Conv1d expects 8 input channels, but the network's input gives 100: the sequence (100, 8); channels come first, as in PyTorch: write [Network(8, 100)]
//! NG1002: Conv2d expects 3 input channels, but the preceding Conv2d gives 64: the feature map (64, 3, 3)
