using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Ops;

internal sealed class CosineSimilarityCpu(Node node) : CpuOp<CosineSimilarityOp>(node)
{
    public override void SelectKernels(KernelSelection selection) => selection.Call(
        CosineSimilarityKernel.Forward(
            selection.NameOf(Node), selection.SummaryOf(Node), Op.Eps, Input.Layout, Inputs[1].Layout, Output.Layout),
        Node, Input, Inputs[1], Output);
}

internal sealed class CosineSimilarityGradientCpu(Node node) : CpuOp<CosineSimilarityGradientOp>(node)
{
    public override void SelectKernels(KernelSelection selection) => selection.Call(
        CosineSimilarityKernel.Gradient(selection.NameOf(Node), selection.SummaryOf(Node), Op.Eps, Input.Layout, Inputs[1].Layout,
            Inputs[2].Layout, Output.Layout),
        Node, Input, Inputs[1], Inputs[2], Output);
}
