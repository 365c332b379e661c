using NetGen;

namespace NetGen.Benchmarks.Networks;

/// <summary>
/// The layers of the benchmark's networks, each as a network of its own, so that its kernels can be timed alone. They
/// have no loss: their trainers take the output's gradient from outside.
/// </summary>
internal static class SingleLayers
{
    /// <summary>In the order of the table.</summary>
    public static IReadOnlyList<Type> All { get; } =
    [
        typeof(ConvNetConv1), typeof(ConvNetConv1Pool), typeof(ConvNetConv2), typeof(ConvNetConv2Pool),
        typeof(ConvNetLinear1), typeof(ConvNetLinear2),
        typeof(LeNetConv1), typeof(LeNetConv1Pool), typeof(LeNetConv2), typeof(LeNetConv2Pool),
        typeof(LeNetLinear1), typeof(LeNetLinear2), typeof(LeNetLinear3),
        typeof(MlpLinear1), typeof(MlpLinear2),
        typeof(PlainConv3x3), typeof(PlainConv1x1),
    ];
}

[Network(1, 28, 28)]
[Conv2d(1, 32, 7, Padding = 3), ReLU]
internal sealed partial class ConvNetConv1;

[Network(1, 28, 28)]
[Conv2d(1, 32, 7, Padding = 3), ReLU, MaxPool2d(2)]
internal sealed partial class ConvNetConv1Pool;

[Network(32, 14, 14)]
[Conv2d(32, 64, 5, Padding = 2), ReLU]
internal sealed partial class ConvNetConv2;

[Network(32, 14, 14)]
[Conv2d(32, 64, 5, Padding = 2), ReLU, MaxPool2d(2)]
internal sealed partial class ConvNetConv2Pool;

[Network(3136)]
[Linear(3136, 128), ReLU]
internal sealed partial class ConvNetLinear1;

[Network(128)]
[Linear(128, 10)]
internal sealed partial class ConvNetLinear2;

[Network(1, 28, 28)]
[Conv2d(1, 6, 5, Padding = 2), Sigmoid]
internal sealed partial class LeNetConv1;

[Network(1, 28, 28)]
[Conv2d(1, 6, 5, Padding = 2), Sigmoid, AvgPool2d(2)]
internal sealed partial class LeNetConv1Pool;

[Network(6, 14, 14)]
[Conv2d(6, 16, 5), Sigmoid]
internal sealed partial class LeNetConv2;

[Network(6, 14, 14)]
[Conv2d(6, 16, 5), Sigmoid, AvgPool2d(2)]
internal sealed partial class LeNetConv2Pool;

[Network(400)]
[Linear(400, 120), Sigmoid]
internal sealed partial class LeNetLinear1;

[Network(120)]
[Linear(120, 84), Sigmoid]
internal sealed partial class LeNetLinear2;

[Network(84)]
[Linear(84, 10)]
internal sealed partial class LeNetLinear3;

[Network(784)]
[Linear(784, 256), ReLU]
internal sealed partial class MlpLinear1;

[Network(256)]
[Linear(256, 128), ReLU]
internal sealed partial class MlpLinear2;

/// <summary>The commonest layer of larger networks.</summary>
[Network(64, 28, 28)]
[Conv2d(64, 64, 3, Padding = 1), ReLU]
internal sealed partial class PlainConv3x3;

[Network(64, 28, 28)]
[Conv2d(64, 64, 1), ReLU]
internal sealed partial class PlainConv1x1;
