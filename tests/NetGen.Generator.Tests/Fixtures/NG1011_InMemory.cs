[{|NG1011:Network(2147483647)|}]
[ReLU]
partial class Rows;

[{|NG1011:Network(1, 46340, 46340)|}]
[ReLU]
partial class InputImage;

[Network(1, 12000, 12000)]
[{|NG1011:Conv2d(1, 3)|}]
partial class OutputImage;

[{|NG1011:Network(3, 9, 9)|}]
[Conv2d(8, 3, Padding = "same", Dilation = 1000000000)]
partial class Halo;

[Network(200000000)]
[{|NG1011:Linear(1)|}]
partial class WeightOfLinear;

[Network(20000000, 2, 2)]
[{|NG1011:Conv2d(1, 3, Padding = 1)|}]
partial class WeightOfConvolution;

[{|NG1011:Network(1)|}]
[Linear(1000000000)]
partial class Transposed;

[{|NG1011:Network(1073741824)|}]
[ReLU, Softmax, ReLU]
partial class Activations;

[Network(3, 9, 9)]
[Conv2d(8, 3, Padding = "same", Dilation = {|NG1011:2147483647|})]
partial class SamePadding;

[Network(3, 9, 9)]
[Conv2d(3, 8, 3, {|NG3013:2147483647|}, {|NG1011:2147483647|})]
partial class PaddedInput;

[Network(3, 3, 3)]
[ConvTranspose2d(3, 8, 3, {|NG1011:2147483647|}, 2147483640)]
partial class BeforeCropping;
//! NG1011: The input of the network, stored as a multiple of 16, is too large: 2147483647, rounded up, + 16 = 2147483664 values, more than the limit of 2147483647
//! NG1011: The input of the network, stored with 16 channels side by side, is too large: 1 × 46340 × 46340 × 16 + 32 = 34358329632 values, more than the limit of 2147483647
//! NG1011: The output of Conv2d 'conv1', stored with 16 channels side by side, is too large: 1 × 11998 × 11998 × 16 + 32 = 2303232096 values, more than the limit of 2147483647
//! NG1011: The input of the network, stored with zero columns around each row, is too large: 3 × 9 × 2000000009 + 32 = 54000000275 values, more than the limit of 2147483647
//! NG1011: The weight of Linear 'linear1', stored in whole blocks of 16, is too large: 16 × 200000000 = 3200000000 values, more than the limit of 2147483647
//! NG1011: The weight of Conv2d 'conv1', stored in whole blocks of 16, is too large: 16 × 20000000 × 3 × 3 = 2880000000 values, more than the limit of 2147483647
//! NG1011: What training derives from the weights is too large: 64000000000 bytes / 4 = 16000000000 values, more than the limit of 2147483647
//! NG1011: The activations that inference keeps of a sample are too many: 8589934720 bytes / 4 = 2147483680 values, more than the limit of 2147483647
//! NG1011: The padded input of Conv2d is too large: 9 + 2147483647·(3 − 1) = 4294967303 rows and columns, more than the limit of 2147483647
//! NG3013: Conv2d never reads 2147483644 of every 2147483647 rows and columns of its input: its window of 3 moves by 2147483647
//! NG1011: The padded input of Conv2d is too large: 9 + 2·2147483647 = 4294967303 rows and columns, more than the limit of 2147483647
//! NG1011: The output of ConvTranspose2d is too large before its padding is cut off: (3 − 1)·2147483647 + 1·(3 − 1) + 0 + 1 = 4294967297 rows and columns, more than the limit of 2147483647
