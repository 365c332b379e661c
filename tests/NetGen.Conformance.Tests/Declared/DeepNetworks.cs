namespace NetGen.Conformance.Tests.Declared;

// Deep networks of blocks whose constants are given where they are used. VGG16 is without its dropouts, so that it can be compared.

/// <summary>Two 3×3 convolutions; the first may halve the image.</summary>
[Block]
[Conv2d(BasicUnit.Channels, 3, Stride = BasicUnit.Step, Padding = 1, Bias = false), BatchNorm2d, ReLU]
[Conv2d(BasicUnit.Channels, 3, Padding = 1, Bias = false), BatchNorm2d]
internal sealed class BasicUnit
{
    public const int Channels = 64, Step = 1;
}

/// <summary>1×1, 3×3 and 1×1 convolutions; the last widens four times.</summary>
[Block]
[Conv2d(Bottleneck.Channels, 1, Bias = false), BatchNorm2d, ReLU]
[Conv2d(Bottleneck.Channels, 3, Stride = Bottleneck.Step, Padding = 1, Bias = false), BatchNorm2d, ReLU]
[Conv2d(Bottleneck.Wide, 1, Bias = false), BatchNorm2d]
internal sealed class Bottleneck
{
    public const int Channels = 64, Step = 1;

    private const int Wide = 4 * Channels;
}

[Block]
[Conv2d(Projection.Channels, 1, Stride = Projection.Step, Bias = false), BatchNorm2d]
internal sealed class Projection
{
    public const int Channels = 64, Step = 1;
}

[Block]
[Conv2d(4 * WideProjection.Channels, 1, Stride = WideProjection.Step, Bias = false), BatchNorm2d]
internal sealed class WideProjection
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

/// <summary>Further units of one stage: each keeps its shape.</summary>
[Block]
[Residual<Bottleneck>(BottleneckUnit.Channels), ReLU]
internal sealed class BottleneckUnit
{
    public const int Channels = 64;
}

/// <summary>ResNet-50 for images of 224×224.</summary>
[Network(3, 224, 224)]
[Conv2d(64, 7, Stride = 2, Padding = 3, Bias = false), BatchNorm2d, ReLU, MaxPool2d(3, 2, 1)]
[Residual<Bottleneck, WideProjection>(64, 1), ReLU, Repeat<BottleneckUnit>(2, 64)]
[Residual<Bottleneck, WideProjection>(128, 2), ReLU, Repeat<BottleneckUnit>(3, 128)]
[Residual<Bottleneck, WideProjection>(256, 2), ReLU, Repeat<BottleneckUnit>(5, 256)]
[Residual<Bottleneck, WideProjection>(512, 2), ReLU, Repeat<BottleneckUnit>(2, 512)]
[AdaptiveAvgPool2d(1), Flatten, Linear(1000)]
[CrossEntropyLoss]
internal sealed partial class ResNet50;

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
[Flatten, Linear(512), ReLU, Linear(512), ReLU, Linear(10)]
[CrossEntropyLoss]
internal sealed partial class Vgg16;

/// <summary>VGG16 for images of 224×224.</summary>
[Network(3, 224, 224)]
[Repeat<VggUnit>(2, 64), MaxPool2d(2), Repeat<VggUnit>(2, 128), MaxPool2d(2), Repeat<VggUnit>(3, 256), MaxPool2d(2)]
[Repeat<VggUnit>(3, 512), MaxPool2d(2), Repeat<VggUnit>(3, 512), MaxPool2d(2)]
[Flatten, Linear(512 * 7 * 7, 4096), ReLU, Linear(4096, 4096), ReLU, Linear(4096, 1000)]
[CrossEntropyLoss]
internal sealed partial class Vgg16Large;
