namespace NetGen.Samples;

/// <summary>
/// The network: two convolutions, each followed by pooling, and two linear layers. This declaration is all there is; the
/// build checks its dimensions and writes the rest.
/// </summary>
[Network(1, 28, 28)]
[Conv2d(1, 32, 7, Padding = 3), ReLU, MaxPool2d(2)]
[Conv2d(32, 64, 5, Padding = 2), ReLU, MaxPool2d(2)]
[Dropout2d(0.25), Flatten]
[Linear(7 * 7 * 64, 128), ReLU, Dropout(0.5)]
[Linear(128, 10)]
[CrossEntropyLoss]
public sealed partial class MnistConvNet;
