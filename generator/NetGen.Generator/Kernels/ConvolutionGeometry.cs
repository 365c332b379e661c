using NetGen.Generator.Emit;
using NetGen.Generator.Graph;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Kernels;

/// <summary>How the offset of a weight depends on one of its channel indices: (c / 16) · BlockStride + (c % 16) · InnerStride.</summary>
internal readonly record struct ChannelStride(long BlockStride, long InnerStride);

/// <summary>
/// A cross-correlation as kernels see it. It serves forward (source is the input, weights as they are) and the input gradient
/// (source is the output's gradient, weights transposed and flipped); a strided convolution's input gradient is one such correlation
/// per phase of the stride, each with the taps that hit that phase.
/// </summary>
internal sealed class ConvolutionGeometry
{
    public required Layout Source { get; init; }

    public required Layout Target { get; init; }

    /// <summary>Channels that are summed over.</summary>
    public required int SourceChannels { get; init; }

    public required int TargetChannels { get; init; }

    /// <summary>Taps of the kernel, rows and columns.</summary>
    public required Pair Taps { get; init; }

    /// <summary>Source pixels from one computed pixel to the next.</summary>
    public required Pair Stride { get; init; }

    /// <summary>Source pixels from one tap to the next.</summary>
    public Pair Dilation { get; init; } = Pair.Both(1);

    /// <summary>Computed pixel (0, 0) reads tap (0, 0) at source pixel (−top, −left); negative where it starts inside.</summary>
    public required int Top { get; init; }

    public required int Left { get; init; }

    /// <summary>Number of pixels computed, and where they lie in the target: first, and distance.</summary>
    public required Pair Pixels { get; init; }

    public Pair TargetStart { get; init; } = new(0, 0);

    public Pair TargetStep { get; init; } = new(1, 1);

    /// <summary>Strides of the packed weights.</summary>
    public required ChannelStride SourceChannelStride { get; init; }

    public required ChannelStride TargetChannelStride { get; init; }

    public required long TapRowStride { get; init; }

    public required long TapColumnStride { get; init; }

    /// <summary>Offset of the weight of tap (0, 0), channels (0, 0).</summary>
    public long WeightStart { get; init; }

    /// <summary>Source columns that must exist left of column 0 and right of the last one.</summary>
    public (int Left, int Right) Halo => HaloOf(Source.Width, Taps.Width, Stride.Width, Left, Pixels.Width, Dilation.Width);

    public static (int Left, int Right) HaloOf(int width, int taps, int stride, int left, int pixels, int dilation)
        => taps == 0 || pixels == 0
            ? (0, 0)
            : (Math.Max(0, left), Math.Max(0, (pixels - 1) * stride - left + (taps - 1) * dilation - (width - 1)));

    public long MultiplyAdds => (long)SourceChannels * TargetChannels * Taps.Area * Pixels.Area;

    /// <summary>The taps, starts and extents of one phase of a strided convolution's input gradient, along one axis.</summary>
    /// <param name="FirstTap">The phase's first tap of the original kernel; the others follow at distances of TapStep.</param>
    /// <param name="Before">Source positions by which the first tap, after the reversal, lies before the computed pixel.</param>
    /// <param name="Dilation">Source positions from one of the phase's taps to the next.</param>
    public readonly record struct Phase(int Start, int Count, int FirstTap, int TapStep, int Taps, int Before, int Dilation)
    {
        /// <summary>The phase's last tap of the original kernel, which the reversed correlation reads first.</summary>
        public int LastTap => FirstTap + TapStep * (Taps - 1);
    }

    /// <summary>
    /// Input position y = stride · j + start collects output position (y + padding − dilation · k) / stride over the taps k that divide:
    /// k = firstTap + tapStep · t, with tapStep = stride / gcd(stride, dilation). With t reversed that is a correlation of stride 1.
    /// </summary>
    public static IEnumerable<Phase> Phases(int input, int taps, int stride, int padding, int dilation)
    {
        int common = GreatestCommonDivisor(stride, dilation), tapStep = stride / common;
        for (int start = 0; start < Math.Min(stride, input); start++)
        {
            int firstTap = 0;
            while (firstTap < Math.Min(tapStep, taps) && (start + padding - firstTap * dilation) % stride != 0)
                firstTap++;
            int count = (input - start + stride - 1) / stride;
            int phaseTaps = firstTap >= Math.Min(tapStep, taps) ? 0 : (taps - firstTap + tapStep - 1) / tapStep;
            int offset = phaseTaps == 0 ? 0 : (start + padding - firstTap * dilation) / stride;
            yield return new Phase(start, count, firstTap, tapStep, phaseTaps, (phaseTaps - 1) * (dilation / common) - offset, dilation / common);
        }
    }

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
