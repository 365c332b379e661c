using NetGen.Generator.Graph;
using NetGen.Generator.Layers;
using NetGen.Generator.Kernels;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Passes;

/// <summary>The correlations that a convolution's passes consist of, with strides read off the packed weights.</summary>
internal static class ConvolutionGeometries
{
    public static ConvolutionGeometry Forward(Conv2dNode conv, Layout source, Layout target) => new()
    {
        Source = source,
        Target = target,
        SourceChannels = conv.Weight.Shape[1],
        TargetChannels = conv.Weight.Shape[0],
        Taps = conv.Spec.Kernel,
        Stride = conv.Spec.Stride,
        Top = conv.Spec.Padding.Height,
        Left = conv.Spec.Padding.Width,
        Pixels = new Pair(conv.Output!.Shape.Height, conv.Output.Shape.Width),
        SourceChannelStride = InChannels(conv),
        TargetChannelStride = new ChannelStride(conv.Weight.Dimensions[0].OuterStride, 1),
        TapRowStride = conv.Weight.Dimensions[2].OuterStride,
        TapColumnStride = conv.Weight.Dimensions[3].OuterStride,
    };

    private static ChannelStride InChannels(Conv2dNode conv)
    {
        PackedDimension channels = conv.Weight.Dimensions[1];
        return channels.Block == 1
            ? new ChannelStride((long)Layout.Block * channels.OuterStride, channels.OuterStride)
            : new ChannelStride(channels.OuterStride, channels.InnerStride);
    }

    /// <summary>Phase by phase, with the offset of the phase's transposed weights for channel lanes.</summary>
    public static IReadOnlyList<(ConvolutionGeometry Geometry, ConvolutionGeometry.Phase Rows, ConvolutionGeometry.Phase Columns)> InputGradient(Conv2dNode conv, Layout source, Layout target)
    {
        var result = new List<(ConvolutionGeometry, ConvolutionGeometry.Phase, ConvolutionGeometry.Phase)>();
        int inChannels = conv.Weight.Shape[1], outChannels = conv.Weight.Shape[0];
        int inBlocks = Layout.RoundUp(inChannels) / Layout.Block, outBlocks = Layout.RoundUp(outChannels) / Layout.Block;
        Pair stride = conv.Spec.Stride;
        long transposed = 0;
        const int Square = Layout.Block * Layout.Block;
        foreach (ConvolutionGeometry.Phase rows in ConvolutionGeometry.Phases(conv.Input.Shape.Height, conv.Spec.Kernel.Height, stride.Height, conv.Spec.Padding.Height))
        {
            foreach (ConvolutionGeometry.Phase columns in ConvolutionGeometry.Phases(conv.Input.Shape.Width, conv.Spec.Kernel.Width, stride.Width, conv.Spec.Padding.Width))
            {
                var taps = new Pair(rows.Taps, columns.Taps);
                bool lanes = source.Kind == LayoutKind.Samples;
                long rowStride = conv.Weight.Dimensions[2].OuterStride, columnStride = conv.Weight.Dimensions[3].OuterStride;
                result.Add((new ConvolutionGeometry
                {
                    Source = source,
                    Target = target,
                    SourceChannels = outChannels,
                    TargetChannels = inChannels,
                    Taps = taps,
                    Stride = Pair.Both(1),
                    Top = rows.Before,
                    Left = columns.Before,
                    Pixels = new Pair(rows.Count, columns.Count),
                    TargetStart = new Pair(rows.Start, columns.Start),
                    TargetStep = stride,
                    // Sample lanes broadcast the weights where they lie, last tap first; channel lanes read a transposed copy.
                    SourceChannelStride = lanes ? new ChannelStride(conv.Weight.Dimensions[0].OuterStride, 1) : new ChannelStride((long)taps.Area * Square, Layout.Block),
                    TargetChannelStride = lanes ? InChannels(conv) : new ChannelStride((long)outBlocks * taps.Area * Square, 1),
                    TapRowStride = lanes ? -stride.Height * rowStride : (long)taps.Width * Square,
                    TapColumnStride = lanes ? -stride.Width * columnStride : Square,
                    WeightStart = lanes
                        ? (rows.FirstTap + stride.Height * (rows.Taps - 1)) * rowStride + (columns.FirstTap + stride.Width * (columns.Taps - 1)) * columnStride
                        : transposed,
                }, rows, columns));
                transposed += (long)inBlocks * outBlocks * taps.Area * Square;
            }
        }
        return result;
    }

    /// <summary>Floats of a convolution's transposed weights.</summary>
    public static long TransposedLength(Conv2dNode conv)
        => (long)Layout.RoundUp(conv.Weight.Shape[0]) * Layout.RoundUp(conv.Weight.Shape[1]) * conv.Spec.Kernel.Area;
}
