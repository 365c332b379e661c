namespace NetGen.Conformance.Tests.Declared;

// Residual networks of blocks whose constants are given where they are used.

/// <summary>Two 3×3 convolutions; the first may halve the image.</summary>
[Block]
[Conv2d(BasicUnit.Channels, 3, Stride = BasicUnit.Step, Padding = 1, Bias = false), BatchNorm2d, ReLU]
[Conv2d(BasicUnit.Channels, 3, Padding = 1, Bias = false), BatchNorm2d]
internal sealed class BasicUnit
{
    public const int Channels = 64, Step = 1;
}

[Block]
[Conv2d(Projection.Channels, 1, Stride = Projection.Step, Bias = false), BatchNorm2d]
internal sealed class Projection
{
    public const int Channels = 64, Step = 1;
}

/// <summary>ResNet-18 for images of 32×32: the stem keeps the size.</summary>
[Network(3, 32, 32)]
[Conv2d(64, 3, Padding = 1, Bias = false), BatchNorm2d, ReLU]
[Residual<BasicUnit>, ReLU, Residual<BasicUnit>, ReLU]
[Residual<BasicUnit, Projection>(128, 2), ReLU, Residual<BasicUnit>(128), ReLU]
[Residual<BasicUnit, Projection>(256, 2), ReLU, Residual<BasicUnit>(256), ReLU]
[Residual<BasicUnit, Projection>(512, 2), ReLU, Residual<BasicUnit>(512), ReLU]
[AdaptiveAvgPool2d(1), Flatten, Linear(10)]
[CrossEntropyLoss]
internal sealed partial class ResNet18;

[Block]
[Conv2d(VggUnit.Channels, 3, Padding = 1), ReLU]
internal sealed class VggUnit
{
    public const int Channels = 64;
}

/// <summary>VGG16 for images of 32×32, with one linear layer of 512 in place of two of 4096.</summary>
[Network(3, 32, 32)]
[Repeat<VggUnit>(2, 64), MaxPool2d(2), Repeat<VggUnit>(2, 128), MaxPool2d(2), Repeat<VggUnit>(3, 256), MaxPool2d(2)]
[Repeat<VggUnit>(3, 512), MaxPool2d(2), Repeat<VggUnit>(3, 512), MaxPool2d(2)]
[Flatten, Linear(512), ReLU, Dropout, Linear(512), ReLU, Dropout, Linear(10)]
[CrossEntropyLoss]
internal sealed partial class Vgg16;
