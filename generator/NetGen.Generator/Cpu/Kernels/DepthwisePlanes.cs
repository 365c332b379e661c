using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>The planes of a depthwise convolution: channels with samples in the lanes, or blocks of 16 channels.</summary>
internal sealed class DepthwisePlanes(ConvolutionGeometry g)
{
    /// <summary>Lanes hold samples.</summary>
    public bool AreSamples { get; } = g.Source.Kind == LayoutKind.Samples;

    public string Words => AreSamples ? "sample lanes" : "channel lanes";

    public int Count => AreSamples ? g.TargetChannels : Layout.RoundUp(g.TargetChannels) / Layout.Block;

    /// <summary>The variable with the number of a plane.</summary>
    public string Variable => AreSamples ? "channel" : "block";

    /// <summary>What leads to the weights of that plane.</summary>
    public string Weights => AreSamples
        ? $"(channel >> 4) * {Literals.Int(g.TargetChannelStride.BlockStride)} + (channel & 15)"
        : $"block * {Literals.Int(g.TargetChannelStride.BlockStride)}";
}
