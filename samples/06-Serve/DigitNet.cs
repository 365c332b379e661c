namespace NetGen.Samples.Serve;

/// <summary>
/// Recognises a handwritten digit: two convolutions with batch normalisation, which inference folds into their weights, and two linear
/// layers. The output is ten logits.
/// </summary>
[Network(1, 28, 28)]
[Conv2d(1, 16, 5, Padding = 2, Bias = false), BatchNorm2d(16), ReLU, MaxPool2d(2)]
[Conv2d(16, 32, 5, Padding = 2, Bias = false), BatchNorm2d(32), ReLU, MaxPool2d(2)]
[Flatten, Dropout(0.4)]
[Linear(32 * 7 * 7, 64), ReLU]
[Linear(64, 10)]
[CrossEntropyLoss]
public sealed partial class DigitNet;
