// 784 · 10 + 10 parameters; 784 + 10 values.
[Network(784)]
[Budget(MaxParameters = {|NG1030:7849|}, MaxActivationBytes = {|NG1030:4 * 793|}, MaxMultiplyAdds = {|NG1030:7839|})]
[Linear(10)]
partial class Exceeded;

[Network(784)]
[Budget(MaxParameters = 7850, MaxActivationBytes = 4 * 794, MaxMultiplyAdds = 7840)]
[Linear(10)]
partial class Met;

// The convolution reads 8 · 8 and writes 4 · 8 · 8 values; pooling, 4 · 8 · 8 and 4 · 4 · 4.
[Budget(MaxActivationBytes = {|NG1030:1_000|})]
[Network(1, 8, 8)]
[Conv2d(4, 3, Padding = 1), ReLU, MaxPool2d(2), Flatten, Linear(10)]
partial class Image;

// Inference folds the normalisation into the convolution.
[Network(1, 8, 8)]
[Budget(MaxActivationBytes = {|NG1030:1_279|})]
[Conv2d(4, 3, Padding = 1, Bias = false), BatchNorm2d, ReLU, MaxPool2d(2)]
partial class Folded;

// What a residual block adds at its end waits until then: 4 · 8 · 8 beside the 16 · 8 · 8 that the second convolution reads and its output.
[Network(4, 8, 8)]
[Budget(MaxActivationBytes = {|NG1030:4 * 1535|})]
[Residual<Wide>]
partial class Waiting;

[Block, Conv2d(16, 3, Padding = 1), ReLU, Conv2d(4, 3, Padding = 1)]
class Wide;

// An input that nothing is computed from.
[Network(4)]
[Budget(MaxActivationBytes = {|NG1030:0|}, MaxParameters = 0, MaxMultiplyAdds = 0)]
[Flatten]
partial class Nothing;

// The network's own errors do not hide the budget's, as long as the figures are known.
[Network(4)]
[Budget(MaxParameters = {|NG1030:9|})]
[Linear(2)]
class {|CS0260,NG2001:NotPartial|};

// Nothing is known of what the number of features would be.
[Network(4)]
[Budget(MaxParameters = 9)]
[Linear({|NG1001:5|}, 20)]
partial class Wrong;
//! NG1030: 'Exceeded' takes 7850 parameters (most in linear1, 7850), 1 more than MaxParameters = 7849
//! NG1030: 'Exceeded' takes 3176 bytes of activations (at Linear1, Linear(784, 10)), 4 more than MaxActivationBytes = 3172
//! NG1030: 'Exceeded' takes 7840 multiply-adds per sample (most in linear1, 7840), 1 more than MaxMultiplyAdds = 7839
//! NG1030: 'Image' takes 1280 bytes of activations (at Conv1, Conv2d(1, 4, 3, padding 1)), 280 more than MaxActivationBytes = 1000
//! NG1030: 'Folded' takes 1280 bytes of activations (at Conv1, Conv2d(1, 4, 3, padding 1, no bias)), 1 more than MaxActivationBytes = 1279
//! NG1030: 'Waiting' takes 6144 bytes of activations (at Residual1Conv2, Conv2d(16, 4, 3, padding 1)), 4 more than MaxActivationBytes = 6140
//! NG1030: 'Nothing' takes 16 bytes of activations (for the input), 16 more than MaxActivationBytes = 0
//! NG1030: 'NotPartial' takes 10 parameters (most in linear1, 10), 1 more than MaxParameters = 9
//! NG2001: 'NotPartial' must be declared partial, so that NetGen can add the generated members to it
//! NG1001: Linear expects 5 input features, but the network's input gives 4
