using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Ops;

internal sealed class ContractionCpu(Node node) : CpuOp<ContractionOp>(node)
{
    private ContractionPlan Plan => new(Op.Indices, Input.Layout, Inputs[1].Layout, Output.Layout);

    public override long ScratchLength => Plan.ScratchLength;

    public override void SelectKernels(KernelSelection selection) => ContractionCalls.Select(selection, Node, Plan);
}

internal sealed class ContractionGradientCpu(Node node) : CpuOp<ContractionGradientOp>(node)
{
    private ContractionPlan Plan => new(Op.Indices, Input.Layout, Inputs[1].Layout, Output.Layout);

    public override long ScratchLength => Plan.ScratchLength;

    public override void SelectKernels(KernelSelection selection) => ContractionCalls.Select(selection, Node, Plan);
}

/// <summary>What forward and backward have in common.</summary>
internal static class ContractionCalls
{
    public static void Select(KernelSelection selection, Node node, ContractionPlan plan)
        => selection.Call(ContractionKernel.Create(selection.NameOf(node), selection.SummaryOf(node), plan),
            node, node.Inputs[0], node.Inputs[1], node.Output, plan.ScratchLength > 0 ? KernelSelection.Scratch : null);
}
