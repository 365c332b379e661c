namespace NetGen.Samples;

/// <summary>
/// A convolution as a classical image filter: its weights are set, not learned. Zeros in every direction around the picture would show as
/// edges, so the border is repeated instead.
/// </summary>
[Network(1, FilterNet.Size, FilterNet.Size)]
[Conv2d(1, FilterNet.Kernels, 3, Padding = 1, PaddingMode = "replicate", Bias = false, Name = "filters")]
public sealed partial class FilterNet
{
    /// <summary>Rows and columns of the picture.</summary>
    public const int Size = 160;

    /// <summary>Kernels that run at once.</summary>
    public const int Kernels = 7;
}

/// <summary>One kernel of two weights, which learns from a pair of pictures what it must be to make one from the other.</summary>
[Network(1, 6, 8)]
[Conv2d(1, 1, [1, 2], Bias = false, Name = "edge")]
[MSELoss(Reduction = "sum")]
public sealed partial class EdgeNet;
