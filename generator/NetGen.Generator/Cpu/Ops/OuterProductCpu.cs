using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Ops;

internal sealed class OuterProductCpu(Node node) : CpuOp<OuterProductOp>(node)
{
    public override void SelectKernels(KernelSelection selection) => selection.Call(
        OuterProduct.Forward(selection.NameOf(Node), selection.SummaryOf(Node), Input.Layout, Inputs[1].Layout, Output.Layout),
        Node, Input, Inputs[1], Output);
}

internal sealed class OuterProductGradientCpu(Node node) : CpuOp<OuterProductGradientOp>(node)
{
    public override void SelectKernels(KernelSelection selection)
    {
        string name = selection.NameOf(Node), summary = selection.SummaryOf(Node);
        Kernel kernel = Op.IsOfSecond
            ? OuterProduct.SecondGradient(name, summary, Input.Layout, Inputs[1].Layout, Output.Layout)
            : OuterProduct.FirstGradient(name, summary, Input.Layout, Inputs[1].Layout, Output.Layout);
        selection.Call(kernel, Node, Input, Inputs[1], Output);
    }
}
