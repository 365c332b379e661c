using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>How the offset of a weight depends on one of its channel indices: (c / 16) · BlockStride + (c % 16) · InnerStride.</summary>
internal readonly record struct ChannelStride(long BlockStride, long InnerStride)
{
    /// <summary>The offset of the channel in a variable.</summary>
    public string At(string channel) => BlockStride == Layout.Block * InnerStride
        ? $"{channel} * {Literals.Int(InnerStride)}"
        : $"({channel} >> 4) * {Literals.Int(BlockStride)} + ({channel} & 15) * {Literals.Int(InnerStride)}";
}

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

    /// <summary>
    /// It stands for several phases of one shape. Its kernel takes what tells them apart as <see cref="PhasedConvolution.Parameters"/>, and
    /// pointers to the phase's own weights and targets; <see cref="Top"/>, <see cref="Left"/> and the number of rows are then the largest
    /// that occur.
    /// </summary>
    public bool IsShared { get; init; }

    /// <summary><see cref="ClipsRows"/> of what is shared.</summary>
    public bool SharedClipsRows { get; init; }

    /// <summary>Some window has rows of taps above or below the source.</summary>
    public bool ClipsRows => IsShared ? SharedClipsRows
        : Top > 0 || (Pixels.Height - 1L) * Stride.Height - Top + (Taps.Height - 1L) * Dilation.Height + 1 > Source.Height;

    /// <summary>The C# expression of the number of rows that are computed.</summary>
    public string Rows => IsShared ? "phaseRows" : Literals.Int(Pixels.Height);

    /// <summary>What a kernel over this geometry has after its own parameters.</summary>
    public IReadOnlyList<KernelParameter> MoreParameters => IsShared ? PhasedConvolution.Parameters : [];

    /// <summary>The source row of the window's first tap.</summary>
    /// <param name="position">C# expression of the row times the stride.</param>
    public string TopAt(string position) => IsShared ? position + " - phaseTop" : Literals.Plus(position, -Top);

    /// <summary>The source column of the window's first tap.</summary>
    /// <param name="position">C# expression of the column times the stride.</param>
    public string LeftAt(string position) => IsShared ? position + " - phaseLeft" : Literals.Plus(position, -Left);

    /// <summary>An address in the source's plane, moved to the window's first column.</summary>
    /// <param name="column">The computed column.</param>
    public string SourceAt(string pointer, int column)
    {
        long start = Source.Origin + (long)column * Stride.Width * Source.PixelStride;
        return IsShared ? Literals.Plus($"{pointer} - phaseLeft * {Literals.Int(Source.PixelStride)}", start)
            : Literals.Plus(pointer, start - (long)Left * Source.PixelStride);
    }
}
