namespace NetGen.Checks;

/// <summary>Products of vectors, with activations in them and behind them.</summary>
[Network(1, 5, 10)]
[Flatten, Linear(70), Tanh, Linear(33, Bias = false), ReLU, Linear(10), Softmax]
[MSELoss]
internal sealed partial class Perceptron;

/// <summary>Convolutions and poolings with strides, padding and windows beyond the edge.</summary>
[Network(3, 13, 11)]
[Conv2d(20, 3, Stride = 1, Padding = 1), GELU, MaxPool2d(3, Stride = 2, Padding = 1)]
[Conv2d(5, 2, Bias = false), Sigmoid, AvgPool2d(2, Padding = 1), Flatten, Linear(10), LogSoftmax]
[NLLLoss]
internal sealed partial class Images;

/// <summary>Residual blocks, whose sums are in the products or in chains.</summary>
[Network(4, 8, 8)]
[Residual<ImageBody>, ReLU, Residual<ImageBody>, SiLU, Flatten, Linear(12), Residual<VectorBody>]
[HuberLoss]
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
[CrossEntropyLoss(Of = "scores"), SmoothL1Loss(Of = "sum", Factor = 0.5)]
internal sealed partial class Ports;

/// <summary>Normalisations, groups, and what is derived from parameters when these change.</summary>
[Network(8, 9, 9)]
[Conv2d(16, 3, Padding = 1, Groups = 2, Bias = false), BatchNorm2d, ReLU, Conv2d(16, 3, Padding = 1, Groups = 16), GroupNorm(4)]
[ConvTranspose2d(6, 2, Stride = 2), AdaptiveAvgPool2d(3), Flatten, LayerNorm, Linear(7)]
[CrossEntropyLoss(LabelSmoothing = 0.1)]
internal sealed partial class Normalized;

/// <summary>Sentences of any length: words, positions that are turned, attention.</summary>
[Network]
[Input<int>("words", UpTo = 12), Embedding(50, 16), Residual<Attends>, RMSNorm(16), Linear(16), Output("positions")]
[Mean(1), Linear(5), Output("opinion")]
[CrossEntropyLoss(Of = "opinion"), MSELoss(Of = "positions")]
internal sealed partial class Sentences;

[Block]
[LayerNorm(16), Rotary(Heads = 2), MultiheadAttention(2, Causal = true)]
internal sealed partial class Attends;

/// <summary>Recurrent layers.</summary>
[Network(9, 6)]
[LSTM(12), GRU(8, Bidirectional = true), Linear(3)]
[MSELoss]
internal sealed partial class Recurrent;
