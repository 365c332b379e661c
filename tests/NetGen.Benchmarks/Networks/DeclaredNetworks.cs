using NetGen;

namespace NetGen.Benchmarks.Networks;

[Network(1, 28, 28)]
[Conv2d(1, 32, 7, Padding = 3), ReLU, MaxPool2d(2)]
[Conv2d(32, 64, 5, Padding = 2), ReLU, MaxPool2d(2)]
[Dropout2d(0.25), Flatten]
[Linear(7 * 7 * 64, 128), ReLU, Dropout(0.5)]
[Linear(128, 10)]
[CrossEntropyLoss]
internal sealed partial class MnistConvNet;

[Network(1, 28, 28)]
[Conv2d(1, 6, 5, Padding = 2), Sigmoid, AvgPool2d(2)]
[Conv2d(6, 16, 5), Sigmoid, AvgPool2d(2)]
[Flatten]
[Linear(400, 120), Sigmoid]
[Linear(120, 84), Sigmoid]
[Linear(84, 10)]
[CrossEntropyLoss]
internal sealed partial class LeNet;

[Network(784)]
[Linear(784, 256), ReLU]
[Linear(256, 128), ReLU]
[Linear(128, 10)]
[CrossEntropyLoss]
internal sealed partial class Mlp;

[Network(16)]
[Linear(16, 32), ReLU]
[Linear(32, 16), ReLU]
[Linear(16, 4)]
internal sealed partial class Tiny;
