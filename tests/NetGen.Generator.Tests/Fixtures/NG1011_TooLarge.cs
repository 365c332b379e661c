[{|NG1011:Network(2000, 2000, 2000)|}]
[Conv2d(1, 1)]
partial class Input;

[Network(1, 4000, 4000)]
[{|NG1011:Conv2d(1, 300, 1)|}, ReLU]
partial class Activation;

[Network(100000)]
[Linear(10000), ReLU, {|NG1011:Linear(200000)|}, ReLU, Linear(200000)]
partial class Parameters_;

[Network(1, 8, 8)]
[Conv2d(1, 1, 3, padding: {|NG1011:2000000000|})]
partial class Padding;

[Network(1, 2147483647, 1)]
[{|NG1011,NG1011:Conv2d(1, 2147483647, [1, 1])|}, Flatten]
partial class Extreme;
//! NG1011: The network's input for one sample is too large: 2000 × 2000 × 2000 = 8000000000 values, more than the limit of 2147483647
//! NG1011: The output of Conv2d for one sample is too large: 300 × 4000 × 4000 = 4800000000 values, more than the limit of 2147483647
//! NG1011: With Linear 'linear2' the network has too many parameters: 1000010000 + 2000200000 = 3000210000, more than the limit of 2147483647
//! NG1011: The output of Conv2d is too large: out = floor((8 + 2·2000000000 − 3) / 1) + 1 = 4000000006 rows and columns, more than the limit of 2147483647
//! NG1011: The output of Conv2d for one sample is too large: 2147483647 × 2147483647 × 1 = 4611686014132420609 values, more than the limit of 2147483647
//! NG1011: With Conv2d 'conv1' the network has too many parameters: 0 + 4294967294 = 4294967294, more than the limit of 2147483647
