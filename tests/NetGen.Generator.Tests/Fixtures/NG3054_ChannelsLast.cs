[Network({|NG3054:32|}, 32, 3)]
[Conv2d(16, 3, Padding = 1), ReLU, Flatten, Linear(10)]
partial class Net;

[Network({|NG3054:48|}, 64, 3)]
[ReLU, Conv2d(16, 1), ReLU, Flatten, Linear(10)]
partial class Rectangle;

[Network(28, 28, 1)]
[Conv2d(16, {|NG1003:3|}), ReLU]
partial class DoesNotFit;

// Sequences of several sensors, and images that nothing looks at as such.
[Network(16, 128, 3)]
[Conv2d(16, 1), ReLU]
partial class Sensors;

[Network(28, 28, 1)]
[Flatten, Linear(10)]
partial class Vector;
//! NG3054: The first dimension is the channels, so that (32, 32, 3) is 32 channels of 32 × 3: for 3 channels of 32 × 32 write [Network(3, 32, 32)]
//! NG3054: The first dimension is the channels, so that (48, 64, 3) is 48 channels of 64 × 3: for 3 channels of 48 × 64 write [Network(3, 48, 64)]
//! NG1003: Conv2d's window of 3 columns does not fit into its padded input of 1 column, 1 + 2·0 (the network's input gives the feature map (28, 28, 1)): out = floor((1 + 2·0 − 3) / 1) + 1 = −1; channels come first, as in PyTorch: write [Network(1, 28, 28)]
