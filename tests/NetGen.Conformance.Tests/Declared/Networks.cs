namespace NetGen.Conformance.Tests.Declared;

// Networks declared as a user declares them, compiled by the compiler of the SDK with the generator as its analyzer. The names
// are what the golden files of the same stacks use.

/// <summary>The network of the first sample.</summary>
[Network(1, 28, 28)]
[Conv2d(1, 32, 7, Padding = 3), ReLU, MaxPool2d(2)]
[Conv2d(32, 64, 5, Padding = 2), ReLU, MaxPool2d(2)]
[Dropout2d(0.25), Flatten]
[Linear(7 * 7 * 64, 128), ReLU, Dropout(0.5)]
[Linear(128, 10)]
[CrossEntropyLoss]
public sealed partial class MnistConvNet;

/// <summary>LeNet with sigmoids and average pools.</summary>
[Network(1, 28, 28)]
[Conv2d(6, 5, Padding = 2), Sigmoid, AvgPool2d(2)]
[Conv2d(16, 5), Sigmoid, AvgPool2d(2)]
[Flatten, Linear(120), Sigmoid, Linear(84), Sigmoid, Linear(10)]
[CrossEntropyLoss]
internal sealed partial class LeNet;

/// <summary>Pairs as collection expressions and arrays, names, no bias, no loss.</summary>
#pragma warning disable NG3001 // Five of 125 rows fill no patch of 15.
[Network(1, 125, 128)]
[Conv2d(1, 16, [15, 16], [15, 16], Bias = false, Name = "patches"), GELU, Flatten]
internal sealed partial class FeedForward;
#pragma warning restore NG3001

/// <summary>x + body(x), used twice.</summary>
[Block]
[Conv2d(16, 3, Padding = 1), ReLU, Conv2d(16, 3, Padding = new[] { 1, 1 })]
internal sealed class BasicBlock;

internal static partial class Outer
{
    /// <summary>Inside another type, with a residual network's layers named or not.</summary>
    [Network(3, 12, 12)]
    [Conv2d(16, 3, Padding = 1, Name = "stem"), ReLU]
    [Residual<BasicBlock>, ReLU, Residual<BasicBlock>(Name = "second"), ReLU]
    [MaxPool2d(2), Flatten, Linear(2, Name = "fc")]
    [MSELoss]
    internal sealed partial class ResidualNet;
}

// The biases without effect are there to be initialised.
#pragma warning disable NG3010

/// <summary>Initialised as it declares, a block too.</summary>
#pragma warning disable NG3010 // The biases have no effect behind BatchNorm; here they show how they are initialised.
[Network(2, 6, 6)]
[Initialize(Init.KaimingNormal, Mode = FanMode.FanOut, Nonlinearity = Nonlinearity.LeakyReLU, NegativeSlope = 0.2)]
[Initialize(Init.Orthogonal, "linear1", Gain = 2)]
[Initialize(Init.Constant, "linear1.bias", Value = -2)]
[Initialize(Init.TruncatedNormal, "residual2", StandardDeviation = 0.02, Minimum = -0.04, Maximum = 0.04)]
[Conv2d(16, 3, Padding = 1), BatchNorm2d, ReLU, Residual<InitializedBlock>, ReLU, Residual<InitializedBlock>, ReLU]
[Flatten, Dropout(0.3), Linear(10)]
[CrossEntropyLoss]
internal sealed partial class InitializedNet;

[Block]
[Initialize(Init.Uniform, Minimum = 1, Maximum = 2)]
[Initialize(Init.Constant, "conv1.bias", "batchnorm1.weight", Value = 0.5)]
[Conv2d(16, 3, Padding = 1), BatchNorm2d]
internal sealed class InitializedBlock;
#pragma warning restore NG3010
