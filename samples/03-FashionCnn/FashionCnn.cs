namespace NetGen.Samples;

/// <summary>
/// Two convolutions, each with batch normalisation, ReLU and a pool, and a linear layer on top. The normalisations have a bias of their
/// own, so that the convolutions need none.
/// </summary>
[Network(1, 28, 28)]
[Conv2d(1, 32, 3, Padding = 1, Bias = false), BatchNorm2d, ReLU, MaxPool2d(2)]
[Conv2d(32, 64, 3, Padding = 1, Bias = false), BatchNorm2d, ReLU, MaxPool2d(2)]
[Flatten, Dropout(0.25)]
[Linear(7 * 7 * 64, 10)]
[CrossEntropyLoss]
public sealed partial class FashionCnn;

/// <summary>The beginning of <see cref="FashionCnn"/>: its output are the feature maps of the first convolution.</summary>
[Network(1, 28, 28)]
[Conv2d(1, 32, 3, Padding = 1, Bias = false), BatchNorm2d, ReLU]
public sealed partial class FirstMaps;

/// <summary>The beginning of <see cref="FashionCnn"/>: its output are the feature maps of the second convolution.</summary>
[Network(1, 28, 28)]
[Conv2d(1, 32, 3, Padding = 1, Bias = false), BatchNorm2d, ReLU, MaxPool2d(2)]
[Conv2d(32, 64, 3, Padding = 1, Bias = false), BatchNorm2d, ReLU]
public sealed partial class SecondMaps;
