[Network(1, 28, 28)]
[Conv2d(16, 3), {|NG3053:Conv2d(32, 3)|}, ReLU, Conv2d(8, 3), Dropout2d(0.1), Flatten, {|NG3053:Linear(10)|}, CrossEntropyLoss]
partial class Net;

[Network(8, 64)]
[Conv1d(16, 3), {|NG3053:Conv1d(16, 3)|}, ReLU]
partial class Sequence;

// Separable convolutions are one on purpose, and what another layer reads is no mere step.
[Network(16, 28, 28)]
[Conv2d(16, 3, Groups = 16), Conv2d(32, 1, Bias = false), BatchNorm2d, ReLU]
[Conv2d(32, [1, 3]), Conv2d(32, [3, 1]), ReLU]
[Conv2d(32, 3, Padding = 1, Name = "both"), Conv2d(32, 3, Padding = 1), Add("both", "."), ReLU, MaxPool2d(2), Conv2d(4, 1)]
partial class Right;
//! NG3053: Conv2d follows Conv2d with no nonlinearity between, so that the two compute no more than one such layer could: put an activation such as ReLU between
//! NG3053: Linear follows Conv2d with no nonlinearity between, so that the two compute no more than one such layer could: put an activation such as ReLU between
//! NG3053: Conv1d follows Conv1d with no nonlinearity between, so that the two compute no more than one such layer could: put an activation such as ReLU between
