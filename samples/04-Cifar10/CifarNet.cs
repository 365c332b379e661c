namespace NetGen.Samples;

/// <summary>
/// The sequential network of the CIFAR-10 tutorials: three convolutions, each followed by pooling, and two linear layers. It has no
/// activations; only the pooling is not linear, and the compiler warns that the two linear layers are one.
/// </summary>
[Network(3, 32, 32)]
[Conv2d(3, 32, 5, Padding = 2), MaxPool2d(2)]
[Conv2d(32, 32, 5, Padding = 2), MaxPool2d(2)]
[Conv2d(32, 64, 5, Padding = 2), MaxPool2d(2)]
[Flatten]
#pragma warning disable NG3003 // As the tutorials have it.
[Linear(1024, 64), Linear(64, 10)]
#pragma warning restore NG3003
[CrossEntropyLoss]
public sealed partial class CifarNet;
