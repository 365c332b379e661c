namespace NetGen.Conformance.Tests.Declared;

#pragma warning disable NG3010 // The biases have no effect behind BatchNorm; here they are tensors among others.

/// <summary>Blocks in blocks, of which the first has other channels than the others.</summary>
[Network(3, 6, 6)]
[Conv2d(5, 1, Name = "stem"), ReLU, Repeat<RepeatedStage>(3, Name = "layers"), Flatten, Linear(4), CrossEntropyLoss]
internal sealed partial class RepeatedNet;

[Block, Conv2d(20, 3, Padding = 1, Bias = false), BatchNorm2d, PReLU, Repeat<RepeatedUnit>(2, Name = "units"), Residual<RepeatedUnit>]
internal sealed class RepeatedStage;

[Block, BatchNorm2d, Conv2d(20, 1)]
internal sealed class RepeatedUnit;

/// <summary>The same written out.</summary>
[Network(3, 6, 6)]
[Conv2d(5, 1, Name = "stem"), ReLU, Sequential<WrittenOutStage>, Sequential<WrittenOutStage>, Sequential<WrittenOutStage>]
[Flatten, Linear(4), CrossEntropyLoss]
internal sealed partial class WrittenOutNet;

[Block, Conv2d(20, 3, Padding = 1, Bias = false), BatchNorm2d, PReLU]
[Sequential<RepeatedUnit>, Sequential<RepeatedUnit>, Residual<RepeatedUnit>]
internal sealed class WrittenOutStage;
