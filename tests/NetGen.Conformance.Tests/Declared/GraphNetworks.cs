namespace NetGen.Conformance.Tests.Declared;

/// <summary>
/// Two inputs of different rank, outputs of which two have no loss, one is a feature map that is read on, and one value is published twice
/// with a loss each.
/// </summary>
[Network]
[Input("image", 3, 6, 7), Conv2d(20, 3, Padding = 1, Name = "stem"), Tanh, Output("map"), AdaptiveAvgPool2d(1), Flatten]
[Linear(17), Tanh(Name = "seen")]
[Input("position", 5), Linear(17), Add("seen"), Output("features"), Linear(4), Output("kind")]
[From("features"), Tanh, Linear(3), Output("box"), Output("again")]
[CrossEntropyLoss(Of = "kind"), MSELoss(Of = "box", Factor = 0.5), SmoothL1Loss(Of = "again", Reduction = "sum", Factor = 0.25)]
internal sealed partial class SeveralPorts;

/// <summary>A batch normalisation needs the whole batch in between, and an input is read by a join only.</summary>
[Network(6)]
[Linear(16, Bias = false), BatchNorm1d, Tanh(Name = "left"), Input("right", 16), Mul("left"), Linear(3)]
[MSELoss]
internal sealed partial class WholeBatchPorts;

/// <summary>Two towers of one class with parameters of their own or shared, and a layer that is used three times.</summary>
[Network(3, 6, 6)]
[Sequential<Tower>(Name = "tower"), From("input"), Mul(-0.5), Sequential<Tower>(Shares = "tower"), Sub("tower"), Flatten]
[Linear(9, Name = "fc"), Tanh, Linear(9, Name = "tied"), Tanh, Linear(9, Shares = "tied"), Tanh, Linear(9, Shares = "tied")]
[MSELoss]
internal sealed partial class SharedTowers;

[Block, Conv2d(20, 3, Padding = 1), Tanh, PReLU(Name = "slope"), LayerNorm, Conv2d(16, 3)]
internal sealed class Tower;

/// <summary>The same weights behind a flattened image of 16 channels, which keeps its order in blocks, and behind a vector.</summary>
[Network(3, 4, 4)]
[Conv2d(16, 3, Name = "conv"), Tanh, Flatten, Linear(64, Name = "fc"), Tanh, Linear(64, Shares = "fc"), Tanh, Linear(2), MSELoss]
internal sealed partial class SharedBehindFlatten;

[Network(6)]
[Sequential<NormalisedTower>(Name = "tower"), From("input"), Mul(2), Sequential<NormalisedTower>(Shares = "tower"), Concat("tower")]
[Linear(2), MSELoss]
internal sealed partial class SharedNorms;

[Block, Linear(7, Bias = false), BatchNorm1d(Momentum = 0.5), Tanh]
internal sealed class NormalisedTower;
