using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Ops;

internal sealed class PReLUCpu(Node node) : CpuOp<PReLUOp>(node)
{
    private ParameterInfo Weight => Node.Parameter("weight");

    /// <summary>One slope for all does not care where an element lies.</summary>
    public override VectorOrder Order => Op.PerChannel ? VectorOrder.Fixed : VectorOrder.Kept;

    public override IEnumerable<PackingRequest> PackParameters(Graph graph, LayoutFacts facts) => PackingRequest.Vectors(Weight);

    public override void SelectKernels(KernelSelection selection) => selection.Call(
        PReLUKernels.Forward(selection.NameOf(Node), selection.SummaryOf(Node), Op.PerChannel, Input.Layout, Output.Layout),
        Node, Input, KernelSelection.Parameter(Weight), Output);
}

internal sealed class PReLUGradientCpu(Node node) : CpuOp<PReLUGradientOp>(node)
{
    public override void SelectKernels(KernelSelection selection) => selection.Call(
        PReLUKernels.InputGradient(
            selection.NameOf(Node), selection.SummaryOf(Node), Op.PerChannel, Input.Layout, Inputs[1].Layout, Output.Layout),
        Node, Input, Inputs[1], KernelSelection.Parameter(Node.Parameter("weight")), Output);
}

internal sealed class PReLUWeightGradientCpu(Node node) : CpuOp<PReLUWeightGradientOp>(node)
{
    public override void SelectKernels(KernelSelection selection) => selection.CallForParameters(
        PReLUKernels.WeightGradient(selection.NameOf(Node), selection.SummaryOf(Node), Op.PerChannel, Input.Layout, Inputs[1].Layout),
        Node, Input, Inputs[1], selection.Gradient(Node, Node.Parameter("weight")));
}
