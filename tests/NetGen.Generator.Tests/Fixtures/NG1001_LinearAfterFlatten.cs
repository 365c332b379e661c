[Network(1, 28, 28)]
[Conv2d(1, 32, 7, Padding = 3), ReLU, MaxPool2d(2)]
[Conv2d(32, 64, 5, Padding = 2), ReLU, MaxPool2d(2)]
[Dropout2d(0.25), Flatten]
[Linear({|NG1001:7 * 7 * 32|}, 128), ReLU, Dropout(0.5)]
[Linear(128, 10)]
[CrossEntropyLoss]
public sealed partial class MnistConvNet;
//! NG1001: Linear expects 1568 input features, but the preceding Flatten gives 3136 = 64 × 7 × 7
