using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cpu.Ops;

/// <summary>The last inputs lie in a ring.</summary>
internal sealed class StreamConvolutionCpu(Node node) : CpuOp<StreamConvolutionOp>(node)
{
    private ParameterInfo Weight => Node.Parameter("weight");

    private ParameterInfo? Bias => Node.OptionalParameter("bias");

    public override long StateLength => (long)Op.Past * StreamConvolutionKernel.RowOf(Input.Layout);

    public override void SelectKernels(KernelSelection selection)
    {
        bool keeps = Op.Past > 0;
        var kernel = new StreamConvolutionKernel(selection.NameOf(Node), selection.SummaryOf(Node), Op,
            Weights(), Input.Layout, Output.Layout, Bias is not null);
        selection.Call(kernel.Create(), Node, Input, KernelSelection.Parameter(Weight), KernelSelection.Optional(Bias),
            keeps ? selection.State(Node) : null, keeps ? KernelSelection.Position : null, Output);
    }

    /// <summary>Where the weights lie in the packing that the convolution over whole sequences has asked for.</summary>
    private StreamWeights Weights()
    {
        EquatableArray<PackedDimension> dimensions = Weight.Packed.Dimensions;
        int inChannels = Weight.Shape[1], outChannels = Weight.Shape[0] / Op.Groups, last = dimensions.Count - 1;
        // [group] where there are several, then output and input channels, the one row, the taps.
        PackedDimension output = dimensions[last - 3], input = dimensions[last - 2], tap = dimensions[last];
        bool isPlain = input.Block == 1;
        return new StreamWeights(Op.Groups, inChannels, outChannels, IsDepthwise: Op.Groups > 1 && inChannels == 1 && outChannels == 1,
            isPlain ? inChannels : input.Block, isPlain ? 0 : input.OuterStride, isPlain ? input.OuterStride : input.InnerStride,
            output.OuterStride, tap.OuterStride, last > 3 ? dimensions[0].OuterStride : 0);
    }
}
