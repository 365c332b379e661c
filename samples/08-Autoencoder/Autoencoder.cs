namespace NetGen.Samples;

/// <summary>Says an image in <see cref="Numbers"/> numbers, and paints it again from them.</summary>
[Network(1, 28, 28)]
[Sequential<Encoder>(Name = "encoder"), Linear(Numbers, Name = "code"), Sequential<Decoder>(Name = "decoder"), BCEWithLogitsLoss]
internal sealed partial class Autoencoder
{
    /// <summary>What an image becomes.</summary>
    internal const int Numbers = 16;
}

/// <summary>From an image to features.</summary>
[Block]
[Conv2d(32, 3, Stride = 2, Padding = 1), ReLU, Conv2d(64, 3, Stride = 2, Padding = 1), ReLU]
[Flatten, Linear(128), ReLU]
internal sealed class Encoder;

/// <summary>From a few numbers to the logits of an image.</summary>
[Block]
[Linear(128), ReLU, Linear(64 * 7 * 7), ReLU, Unflatten(1, [64, 7, 7])]
[ConvTranspose2d(32, 4, Stride = 2, Padding = 1), ReLU, ConvTranspose2d(1, 4, Stride = 2, Padding = 1)]
internal sealed class Decoder;
