using NetGen;

namespace NetGen.Benchmarks.Networks;

// Those that tests/NetGen.Device measures on a GPU too; the others are in FurtherNetworks.cs.
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

[Block]
[Conv2d(VggUnit.Channels, 3, Padding = 1), ReLU]
internal sealed class VggUnit
{
    public const int Channels = 64;
}

[Network(3, 32, 32)]
[Repeat<VggUnit>(2, 64), MaxPool2d(2)]
[Repeat<VggUnit>(2, 128), MaxPool2d(2)]
[Repeat<VggUnit>(3, 256), MaxPool2d(2)]
[Repeat<VggUnit>(3, 512), MaxPool2d(2)]
[Repeat<VggUnit>(3, 512), MaxPool2d(2)]
[Flatten, Linear(512), ReLU, Dropout, Linear(512), ReLU, Dropout, Linear(10)]
[CrossEntropyLoss]
internal sealed partial class Vgg16;

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

[Network(3, 32, 32)]
[Conv2d(64, 3, Padding = 1, Bias = false), BatchNorm2d, ReLU]
[Residual<BasicUnit>, ReLU, Residual<BasicUnit>, ReLU]
[Residual<BasicUnit, Projection>(128, 2), ReLU, Residual<BasicUnit>(128), ReLU]
[Residual<BasicUnit, Projection>(256, 2), ReLU, Residual<BasicUnit>(256), ReLU]
[Residual<BasicUnit, Projection>(512, 2), ReLU, Residual<BasicUnit>(512), ReLU]
[AdaptiveAvgPool2d(1), Flatten, Linear(10)]
[CrossEntropyLoss]
internal sealed partial class ResNet18;
