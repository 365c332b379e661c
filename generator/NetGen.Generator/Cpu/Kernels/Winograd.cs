using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Convolution by Winograd's minimal filtering (Lavin and Gray, arXiv:1509.09308) for 3×3 and 5×5 kernels of stride 1: patches of
/// 6×6 inputs and the kernel are evaluated at the 36 pairs of the points 0, 1, −1, 2, −2, ∞; there the convolution is one product
/// per channel pair, so 36 matrix products give 4×4 (or 2×2) outputs for a quarter (or 36%) of the multiply-adds. Each direction is
/// <see cref="ToomCook"/>'s transform. Kernels of one row, as those of sequences are, have the six points of the columns alone: 3, 4
/// or 5 taps give 4, 3 or 2 outputs for a half (or 60%) of the multiply-adds.
/// </summary>
internal static class Winograd
{
    /// <summary>Inputs of a patch along a direction with several taps, and points of it.</summary>
    public const int Patch = 6;

    /// <summary>Weights so large that even their first reading has to be repaid, ...</summary>
    private const long VastWeights = 1024 * 1024;

    /// <summary>
    /// ... which takes this many pixels. Fewer are computed directly, with a quarter of the weights and without the taps beyond the border.
    /// </summary>
    private const int MinPixelsOfVastWeights = 48;

    /// <summary>Pixels of a row that repay weights of six points for three to five taps.</summary>
    private const int MinRowPixels = 8;

    /// <summary>Few channels do not repay the transforms.</summary>
    private const int MinChannels = 16;

    public static bool Applies(ConvolutionGeometry g, Activation? activation = null)
        => g.Source.Kind == LayoutKind.Blocked && g.Target.Kind == LayoutKind.Blocked
            && (IsSquare(g) || IsRow(g))
            && g.Stride == Pair.Both(1) && g.Dilation == Pair.Both(1) && g.TargetStep == Pair.Both(1)
            && g.SourceChannels >= MinChannels && g.TargetChannels >= MinChannels
            && (WeightLength(g) <= VastWeights || g.Pixels.Area >= MinPixelsOfVastWeights)
            && (activation is null or { KeepsZero: true } || g.TargetChannels % Layout.Block == 0);

    private static bool IsSquare(ConvolutionGeometry g)
        => g.Taps.Height == g.Taps.Width && g.Taps.Width is 3 or 5 && g.Pixels.Height >= 4 && g.Pixels.Width >= 4;

    private static bool IsRow(ConvolutionGeometry g)
        => g.Taps.Height == 1 && g.Taps.Width is 3 or 4 or 5 && g.Pixels.Width >= MinRowPixels;

    /// <summary>Floats of the transformed weights.</summary>
    public static long WeightLength(ConvolutionGeometry g) => new WinogradTiling(g).WeightLength;

    /// <summary>Floats that one worker needs beside the weights: transformed patches and products of a chunk.</summary>
    public static long ScratchLength(ConvolutionGeometry g)
    {
        var tiling = new WinogradTiling(g);
        return tiling.BufferLength(tiling.Chunk(shared: true));
    }

    /// <summary>The same for the gradient of the weights.</summary>
    public static long GradientScratchLength(ConvolutionGeometry g)
    {
        var tiling = new WinogradTiling(g);
        return tiling.BufferLength(tiling.GradientChunk);
    }

    /// <summary>Floats for the sums that the gradient of the weights is made of, of all segments of the batch.</summary>
    public static long GradientSumsLength(ConvolutionGeometry g)
    {
        var tiling = new WinogradTiling(g);
        return tiling.GradientSegments * tiling.WeightLength;
    }

    /// <summary>The weights at the points.</summary>
    public static Kernel Weights(string name, string summary, ConvolutionGeometry g) => WinogradTransforms.Weights(name, summary, g);

    /// <summary>Forward, or the input's gradient from transposed weights.</summary>
    public static Kernel Convolution(string name, string summary, ConvolutionGeometry g, ConvolutionEpilogue epilogue)
        => new WinogradConvolution(name, summary, g, epilogue).Create();

    /// <summary>What computes the gradient of the weights.</summary>
    public static WinogradGradient Gradient(string name, string summary, ConvolutionGeometry g) => new(name, summary, g);
}
