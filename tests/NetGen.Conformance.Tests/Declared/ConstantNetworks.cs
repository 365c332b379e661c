namespace NetGen.Conformance.Tests.Declared;

#pragma warning disable NG3010 // One of the biases has no effect behind BatchNorm; here it is a tensor that is there or not.

/// <summary>One block twice, with other values for constants of every type: among them the name of a value that it reads.</summary>
[Network(3, 6, 6)]
[Conv2d(8, 3, Padding = 1, Name = "stem"), ReLU, Conv2d(20, 3, Padding = 1, Name = "low"), ReLU(Name = "act")]
[Sequential<MergingBlock>(12, 0.25, false, "stem", 0.5f, Name = "first"), Sequential<MergingBlock>(6, 0.5, true, "low", Name = "second")]
[Flatten, Linear(4, Name = "head"), CrossEntropyLoss]
internal sealed partial class ConstantsNet;

[Block]
[Concat(Memory, "."), Conv2d(Channels, WithBias ? 3 : 1, Padding = WithBias ? "same" : "valid", Bias = WithBias, Name = "merge_" + Memory)]
[BatchNorm2d(Eps = Rate / 1000, Affine = !WithBias, Name = "norm"), LeakyReLU(Slope * 0.1), Dropout(Rate > 0.3 ? Rate - 0.1 : Rate)]
internal sealed class MergingBlock
{
    private const int Channels = 4;
    private const double Rate = 0.1;
    private const bool WithBias = true;
    private const string Memory = "input";
    private const float Slope = 1;
}

/// <summary>The same with the values written out.</summary>
[Network(3, 6, 6)]
[Conv2d(8, 3, Padding = 1, Name = "stem"), ReLU, Conv2d(20, 3, Padding = 1, Name = "low"), ReLU(Name = "act")]
[Sequential<FirstMerge>(Name = "first"), Sequential<SecondMerge>(Name = "second")]
[Flatten, Linear(4, Name = "head"), CrossEntropyLoss]
internal sealed partial class WrittenConstantsNet;

[Block, Concat("stem", "."), Conv2d(12, 1, Bias = false, Name = "merge_stem"), BatchNorm2d(Eps = 0.00025, Name = "norm")]
[LeakyReLU(0.05), Dropout(0.25)]
internal sealed class FirstMerge;

[Block, Concat("low", "."), Conv2d(6, 3, Padding = 1, Name = "merge_low"), BatchNorm2d(Eps = 0.0005, Affine = false, Name = "norm")]
[LeakyReLU(0.1), Dropout(0.4)]
internal sealed class SecondMerge;

#pragma warning restore NG3010

/// <summary>Blocks without a name, in each other, in a Repeat, with branches, with a shortcut.</summary>
[Network(6)]
[Sequential<NamelessUnit>(8, "stem", Name = ""), Repeat<NamelessStage>(2, Name = "stages")]
[Residual<NamelessUnit>(20, "wide", Name = ""), Residual<NamelessUnit, PlainUnit>(5, "narrow", Name = "")]
[Concat<PlainUnit>(3, 17, Name = ""), Repeat<NamelessUnit>(2, 4, "part", Name = ""), Linear(3, Name = "head"), CrossEntropyLoss]
internal sealed partial class NamelessNet;

/// <summary>Reads what it is given, and gives as much as that has, or what it is told.</summary>
[Block, Linear(Width, Name = Tag + "_in"), Sigmoid(Name = Tag), Linear(Width == 20 ? 8 : Width, Name = Tag + "_out"), Tanh(Name = Tag + "_act")]
internal sealed class NamelessUnit
{
    private const int Width = 8;
    private const string Tag = "unit";
}

[Block, Sequential<NamelessUnit>(8, "inner", Name = ""), Add("input", Name = "sum"), LayerNorm(Name = "norm")]
internal sealed class NamelessStage;

[Block, Linear(Width, Name = Tag)]
internal sealed class PlainUnit
{
    private const int Width = 5;
    private const string Tag = "fc";
}

/// <summary>The same with names for all blocks.</summary>
[Network(6)]
[Sequential<NamelessUnit>(8, "stem"), Repeat<NamedStage>(2)]
[Residual<NamelessUnit>(20, "wide"), Residual<NamelessUnit, PlainUnit>(5, "narrow")]
[Concat<PlainUnit>(3, 17), Repeat<NamelessUnit>(2, 4, "part"), Linear(3, Name = "head"), CrossEntropyLoss]
internal sealed partial class NamedNet;

[Block, Sequential<NamelessUnit>(8, "inner"), Add("input", Name = "sum"), LayerNorm(Name = "norm")]
internal sealed class NamedStage;
