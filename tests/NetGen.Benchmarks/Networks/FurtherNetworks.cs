using NetGen;

namespace NetGen.Benchmarks.Networks;

[Network(3, 32, 32)]
[Conv2d(3, 32, 5, Padding = 2), MaxPool2d(2)]
[Conv2d(32, 32, 5, Padding = 2), MaxPool2d(2)]
[Conv2d(32, 64, 5, Padding = 2), MaxPool2d(2)]
[Flatten]
#pragma warning disable NG3003 // As the tutorial has it.
[Linear(1024, 64), Linear(64, 10)]
#pragma warning restore NG3003
[CrossEntropyLoss]
internal sealed partial class CifarSequential;

[Network(16)]
[Linear(16, 32), ReLU]
[Linear(32, 16), ReLU]
[Linear(16, 4)]
internal sealed partial class Tiny;

[Block]
[Conv2d(UNetLevel.Width, 3, Padding = 1, Bias = false), BatchNorm2d, ReLU]
[Conv2d(UNetLevel.Width, 3, Padding = 1, Bias = false), BatchNorm2d, ReLU]
internal sealed class UNetLevel
{
    public const int Width = 32;
}

// A U-Net whose ten maps are averaged to ten classes, so that it is trained by the same loss as the others.
[Network(1, 64, 64)]
[Sequential<UNetLevel>(32, Name = "enc1"), MaxPool2d(2), Sequential<UNetLevel>(64, Name = "enc2"), MaxPool2d(2)]
[Sequential<UNetLevel>(128, Name = "middle")]
[ConvTranspose2d(64, 2, Stride = 2, Name = "up2"), Concat("enc2", "."), Sequential<UNetLevel>(64, Name = "dec2")]
[ConvTranspose2d(32, 2, Stride = 2, Name = "up1"), Concat("enc1", "."), Sequential<UNetLevel>(32, Name = "dec1")]
[Conv2d(10, 1, Name = "head"), AdaptiveAvgPool2d(1), Flatten]
[CrossEntropyLoss]
internal sealed partial class UNet;

[Block]
[Conv2d(Inverted.In * 6, 1, Bias = false), BatchNorm2d, ReLU6]
[Conv2d(Inverted.In * 6, 3, Stride = Inverted.Stride, Padding = 1, Groups = Inverted.In * 6, Bias = false), BatchNorm2d, ReLU6]
[Conv2d(Inverted.Out, 1, Bias = false), BatchNorm2d]
internal sealed class Inverted
{
    public const int In = 32;
    public const int Out = 32;
    public const int Stride = 1;
}

// Inverted residual blocks as MobileNetV2 has them, over small images.
[Network(3, 64, 64)]
[Conv2d(32, 3, Stride = 2, Padding = 1, Bias = false), BatchNorm2d, ReLU6]
[Sequential<Inverted>(32, 24, 2), Residual<Inverted>(24, 24, 1)]
[Sequential<Inverted>(24, 32, 2), Residual<Inverted>(32, 32, 1), Residual<Inverted>(32, 32, 1)]
[Sequential<Inverted>(32, 64, 2), Residual<Inverted>(64, 64, 1)]
[Conv2d(256, 1, Bias = false), BatchNorm2d, ReLU6, AdaptiveAvgPool2d(1), Flatten, Linear(10)]
[CrossEntropyLoss]
internal sealed partial class MobileNetStack;
