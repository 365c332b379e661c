namespace NetGen.Samples;

/// <summary>
/// The network of LeCun and others (1998) as it is taught today: sigmoids, average pools, plain linear layers. Weights begin with Xavier's
/// distribution, biases with PyTorch's.
/// </summary>
[Network(1, 28, 28)]
[Initialize(Init.XavierUniform)]
[Initialize(Init.PyTorchDefault, "conv1.bias", "conv2.bias", "linear1.bias", "linear2.bias", "linear3.bias")]
[Conv2d(1, 6, 5, Padding = 2), Sigmoid, AvgPool2d(2)]
[Conv2d(6, 16, 5), Sigmoid, AvgPool2d(2)]
[Flatten]
[Linear(16 * 5 * 5, 120), Sigmoid, Linear(120, 84), Sigmoid, Linear(84, 10)]
[CrossEntropyLoss]
public sealed partial class LeNet;
