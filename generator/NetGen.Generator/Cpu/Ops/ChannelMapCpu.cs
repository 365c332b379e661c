using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Ops;

internal sealed class ChannelMapCpu(Node node) : CpuOp<ChannelMapOp>(node)
{
    private ParameterInfo? Bias => Node.OptionalParameter("bias");

    public override IEnumerable<PackingRequest> PackParameters(Graph graph, LayoutFacts facts) => PackingRequest.Vectors(Bias);

    public override void SelectKernels(KernelSelection selection) => selection.Call(
        ChannelMaps.Forward(selection.NameOf(Node), selection.SummaryOf(Node), Op.Map, Input.Layout, Output.Layout, Bias is not null),
        Node, Input, KernelSelection.Optional(Bias), Output);
}

internal sealed class ChannelMapGradientCpu(Node node) : CpuOp<ChannelMapGradientOp>(node)
{
    public override void SelectKernels(KernelSelection selection) => selection.Call(
        ChannelMaps.Gradient(selection.NameOf(Node), selection.SummaryOf(Node), Op.Map, Input.Layout, Output.Layout), Node, Input, Output);
}

internal sealed class BiasGradientCpu(Node node) : CpuOp<BiasGradientOp>(node)
{
    public override void SelectKernels(KernelSelection selection) => selection.CallBiasGradient(Node, Node.Parameter("bias"), Input);
}
