namespace NetGen.Checks;

/// <summary>Products of vectors, with activations in them and behind them.</summary>
[Network(1, 5, 10)]
[Flatten, Linear(70), Tanh, Linear(33, Bias = false), ReLU, Linear(10), Softmax]
internal sealed partial class Perceptron;

/// <summary>Convolutions and poolings with strides, padding and windows beyond the edge.</summary>
[Network(3, 13, 11)]
[Conv2d(20, 3, Stride = 1, Padding = 1), GELU, MaxPool2d(3, Stride = 2, Padding = 1)]
[Conv2d(5, 2, Bias = false), Sigmoid, AvgPool2d(2, Padding = 1), Flatten, Linear(10), LogSoftmax]
internal sealed partial class Images;

/// <summary>Residual blocks, whose sums are in the products or in chains.</summary>
[Network(4, 8, 8)]
[Residual<ImageBody>, ReLU, Residual<ImageBody>, SiLU, Flatten, Linear(12), Residual<VectorBody>]
internal sealed partial class Blocks;

[Block]
[Conv2d(4, 3, Padding = 1), ReLU, Conv2d(4, 3, Padding = 1)]
internal sealed partial class ImageBody;

[Block]
[Linear(12), ELU, Linear(12)]
internal sealed partial class VectorBody;

/// <summary>Two inputs, and two outputs.</summary>
[Network]
[Input("left", 6), Linear(8), ReLU(Name = "hidden")]
[Input("right", 8), Tanh, Add("hidden"), Output("sum"), Linear(3), Output("scores")]
internal sealed partial class Ports;
