namespace NetGen.Samples;

/// <summary>
/// Tells images of the data set from made ones: a positive number says real. It has no batch normalisation, so that a batch may be of both
/// kinds and each image be judged by itself.
/// </summary>
[Network(1, 28, 28)]
[Initialize(Init.Normal, StandardDeviation = 0.02)]
[Conv2d(64, 4, Stride = 2, Padding = 1), LeakyReLU(0.2), Dropout(0.3)]
[Conv2d(128, 4, Stride = 2, Padding = 1), LeakyReLU(0.2), Dropout(0.3)]
[Flatten, Linear(1), BCEWithLogitsLoss]
internal sealed partial class Discriminator;
