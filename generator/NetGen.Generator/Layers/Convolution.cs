using NetGen.Generator.Emit;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Passes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

/// <summary>How a convolution's window moves over its input. Rows and columns beyond the input on any side count as zeros.</summary>
/// <param name="Dilation">Input positions from one tap to the next.</param>
/// <param name="Top">Rows by which the first window starts above the input.</param>
/// <param name="Left">Columns by which the first window starts left of the input.</param>
internal sealed record ConvolutionWindow(Pair Kernel, Pair Stride, Pair Dilation, int Top, int Left);

/// <summary>
/// A convolution's weights and window, and the correlations that its passes consist of, with strides read off the packed weights. A
/// transposed convolution is the same with its passes exchanged: forward it is the input's gradient, and so on.
/// </summary>
/// <param name="weight">PyTorch's tensor [out, in / groups, rows, columns]; of a sequence [out, in / groups, taps].</param>
internal sealed class Convolution(ParameterInfo weight, ConvolutionWindow window, int groups)
{
    private const int Block = Layout.Block, Square = Block * Block;

    private long _inBlockStride, _inStride, _rowStride, _columnStride, _outBlockStride;

    public ParameterInfo Weight { get; } = weight;

    public ConvolutionWindow Window { get; } = window;

    public int Groups { get; } = groups;

    /// <summary>Input channels of one group.</summary>
    public int InChannels => Weight.Shape[1];

    /// <summary>Output channels of one group.</summary>
    public int OutChannels => Weight.Shape[0] / Groups;

    private int Taps => Window.Kernel.Area;

    /// <summary>Floats of one group's packed weights.</summary>
    public int GroupStride => Weight.PackedLength / Groups;

    /// <summary>Floats of the transposed weights of one group.</summary>
    public long TransposedLength => (long)Layout.RoundUp(OutChannels) * Layout.RoundUp(InChannels) * Taps;

    /// <summary>
    /// Packs the weights as [group][out / 16][in / 16][row][column][16 in][16 out], or, for an input in the caller's order, as
    /// [group][out / 16][in][row][column][16 out].
    /// </summary>
    public void Pack(bool plain)
    {
        int outBlocks = Layout.RoundUp(OutChannels) / Block, inBlocks = Layout.RoundUp(InChannels) / Block, innerChannels = plain ? 1 : Block;
        int blockStride = checked((plain ? InChannels : inBlocks * Block) * Taps * Block);
        int groupStride = checked(outBlocks * blockStride);
        var dimensions = new List<PackedDimension>();
        if (Groups > 1)
            dimensions.Add(new PackedDimension(Groups, 1, groupStride, 0));
        dimensions.Add(new PackedDimension(OutChannels, Block, blockStride, 1));
        dimensions.Add(plain ? new PackedDimension(InChannels, 1, Taps * Block, 0) : new PackedDimension(InChannels, Block, Taps * Square, Block));
        dimensions.Add(new PackedDimension(Window.Kernel.Height, 1, Window.Kernel.Width * innerChannels * Block, 0));
        dimensions.Add(new PackedDimension(Window.Kernel.Width, 1, innerChannels * Block, 0));
        Weight.Dimensions = dimensions;
        Weight.PackedLength = checked(Groups * groupStride);
    }

    /// <summary>Output from input, for one group.</summary>
    public ConvolutionGeometry Forward(Layout source, Layout target)
    {
        ReadStrides();
        return new ConvolutionGeometry
        {
            Source = source,
            Target = target,
            SourceChannels = InChannels,
            TargetChannels = OutChannels,
            Taps = Window.Kernel,
            Stride = Window.Stride,
            Dilation = Window.Dilation,
            Top = Window.Top,
            Left = Window.Left,
            Pixels = new Pair(target.Height, target.Width),
            SourceChannelStride = new ChannelStride(_inBlockStride, _inStride),
            TargetChannelStride = new ChannelStride(_outBlockStride, 1),
            TapRowStride = _rowStride,
            TapColumnStride = _columnStride,
        };
    }

    /// <summary>
    /// The input's gradient from the output's, for one group, phase by phase. For channel lanes the weights start at the offset of the
    /// phase in the transposed copy.
    /// </summary>
    public IReadOnlyList<ConvolutionPhase> InputGradient(Layout source, Layout target)
    {
        ReadStrides();
        var result = new List<ConvolutionPhase>();
        int outBlocks = Layout.RoundUp(OutChannels) / Block, inBlocks = Layout.RoundUp(InChannels) / Block;
        bool lanes = source.Kind == LayoutKind.Samples;
        long transposed = 0;
        foreach (ConvolutionGeometry.Phase rows in RowPhases(target.Height))
        {
            foreach (ConvolutionGeometry.Phase columns in ColumnPhases(target.Width))
            {
                var taps = new Pair(rows.Taps, columns.Taps);
                result.Add(new ConvolutionPhase(new ConvolutionGeometry
                {
                    Source = source,
                    Target = target,
                    SourceChannels = OutChannels,
                    TargetChannels = InChannels,
                    Taps = taps,
                    Stride = Pair.Both(1),
                    Dilation = new Pair(rows.Dilation, columns.Dilation),
                    Top = rows.Before,
                    Left = columns.Before,
                    Pixels = new Pair(rows.Count, columns.Count),
                    TargetStart = new Pair(rows.Start, columns.Start),
                    TargetStep = Window.Stride,
                    // Sample lanes broadcast the weights where they lie, last tap first; channel lanes read a transposed copy.
                    SourceChannelStride = lanes ? new ChannelStride(_outBlockStride, 1) : new ChannelStride((long)taps.Area * Square, Block),
                    TargetChannelStride = lanes ? new ChannelStride(_inBlockStride, _inStride) : new ChannelStride((long)outBlocks * taps.Area * Square, 1),
                    TapRowStride = lanes ? -rows.TapStep * _rowStride : (long)taps.Width * Square,
                    TapColumnStride = lanes ? -columns.TapStep * _columnStride : Square,
                    WeightStart = lanes ? rows.LastTap * _rowStride + columns.LastTap * _columnStride : transposed,
                }, rows, columns));
                transposed += (long)inBlocks * outBlocks * taps.Area * Square;
            }
        }
        return result;
    }

    /// <summary>Zero columns that <see cref="InputGradient"/> needs around the output's gradient.</summary>
    public (int Left, int Right) InputGradientHalo(int outputWidth, int inputWidth)
    {
        int left = 0, right = 0;
        foreach (ConvolutionGeometry.Phase phase in ColumnPhases(inputWidth))
        {
            (int Left, int Right) halo = ConvolutionGeometry.HaloOf(outputWidth, phase.Taps, 1, phase.Before, phase.Count, phase.Dilation);
            left = Math.Max(left, halo.Left);
            right = Math.Max(right, halo.Right);
        }
        return (left, right);
    }

    /// <summary>A statement that makes one phase's transposed copy of the weights.</summary>
    public string Transposition(ConvolutionPhase phase, long offset)
    {
        ReadStrides();
        // From the phase's last tap back to the first: the correlation runs over the taps in reverse.
        long start = Weight.Offset + phase.Rows.LastTap * _rowStride + phase.Columns.LastTap * _columnStride;
        return $"Packing.TransposeConvolution(parameters + {Literals.Int(start)}, {PreparedWeights.At(offset + phase.Geometry.WeightStart)}, "
            + $"inChannels: {Literals.Int(InChannels)}, outChannels: {Literals.Int(OutChannels)}, tapRows: {Literals.Int(phase.Rows.Taps)}, tapColumns: {Literals.Int(phase.Columns.Taps)}, "
            + $"outBlockStride: {Literals.Int(_outBlockStride)}, inBlockStride: {Literals.Int(_inBlockStride)}, inStride: {Literals.Int(_inStride)}, "
            + $"tapRowStride: {Literals.Int(-phase.Rows.TapStep * _rowStride)}, tapColumnStride: {Literals.Int(-phase.Columns.TapStep * _columnStride)}, worker, workers);";
    }

    private IEnumerable<ConvolutionGeometry.Phase> RowPhases(int height)
        => ConvolutionGeometry.Phases(height, Window.Kernel.Height, Window.Stride.Height, Window.Top, Window.Dilation.Height);

    private IEnumerable<ConvolutionGeometry.Phase> ColumnPhases(int width)
        => ConvolutionGeometry.Phases(width, Window.Kernel.Width, Window.Stride.Width, Window.Left, Window.Dilation.Width);

    /// <summary>Strides of the packed weights, whichever graph of the network has packed them.</summary>
    private void ReadStrides()
    {
        int first = Groups > 1 ? 1 : 0;
        PackedDimension inputs = Weight.Dimensions[first + 1];
        _outBlockStride = Weight.Dimensions[first].OuterStride;
        _inBlockStride = inputs.Block == 1 ? (long)Block * inputs.OuterStride : inputs.OuterStride;
        _inStride = inputs.Block == 1 ? inputs.OuterStride : inputs.InnerStride;
        _rowStride = Weight.Dimensions[first + 2].OuterStride;
        _columnStride = Weight.Dimensions[first + 3].OuterStride;
    }
}

/// <summary>One phase of a strided convolution's input gradient: a correlation over the taps that hit the phase.</summary>
internal sealed record ConvolutionPhase(ConvolutionGeometry Geometry, ConvolutionGeometry.Phase Rows, ConvolutionGeometry.Phase Columns)
{
    public bool HasTaps => Rows.Taps > 0 && Columns.Taps > 0;
}
