[Network(3, 32, 32)]
[Conv2d(3, {|NG3050:32|}), ReLU, Flatten, Linear(10)]
partial class Net;

// It does not fit, which is worse.
[Network(3, 32, 32)]
[Conv2d(3, {|NG1003:64|}), ReLU, Flatten, Linear(10)]
partial class TooLarge;

// Kernels that are used, and other numbers of channels.
[Network(3, 32, 32)]
[Conv2d(3, 7, Padding = 3), ReLU, Conv2d(8, 16), ReLU, Conv2d(8, 1)]
partial class Right;
//! NG3050: Conv2d(3, 32) makes 3 output channels with a kernel of 32 × 32, since of two numbers the first is the output channels and the second the kernel; for 32 output channels write Conv2d(3, 32, kernelSize)
//! NG1003: Conv2d's window of 64 rows and columns does not fit into its padded input of 32 rows and columns, 32 + 2·0 (the network's input gives the feature map (3, 32, 32)): out = floor((32 + 2·0 − 64) / 1) + 1 = −31; Conv2d(3, 64) is 3 output channels with a kernel of that size; for 64 output channels write Conv2d(3, 64, kernelSize)
