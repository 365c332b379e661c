using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cpu.Ops;

internal sealed class PoolCpu(Node node) : CpuOp<PoolOp>(node)
{
    public override void SelectKernels(KernelSelection selection) => selection.Call(
        Pooling.Forward(selection.NameOf(Node), selection.SummaryOf(Node), Op.Windows, Input.Layout, Output.Layout), Node, Input, Output);
}

internal sealed class PoolGradientCpu(Node node) : CpuOp<PoolGradientOp>(node)
{
    public override void SelectKernels(KernelSelection selection)
    {
        string name = selection.NameOf(Node), summary = selection.SummaryOf(Node);
        bool isMax = Op.Windows.IsMax;
        (Activation, Layout)? mask = Node.Mask is { } m ? (m.Activation, m.Output.Layout) : null;
        Kernel kernel = Pooling.Gradient(
            name, summary, Op.Windows, Input.Layout, isMax ? Inputs[1].Layout : null, isMax ? Inputs[2].Layout : null, Output.Layout, mask);
        if (isMax)
            selection.Call(kernel, Node, Input, Inputs[1], Inputs[2], Output);
        else
            selection.Call(kernel, Node, Input, Node.Mask?.Output, Output);
    }
}

internal sealed class MaxUnpoolCpu(Node node) : CpuOp<MaxUnpoolOp>(node)
{
    public override void SelectKernels(KernelSelection selection)
    {
        Kernel kernel = Unpooling.Forward(
            selection.NameOf(Node), selection.SummaryOf(Node), Op.Pool, Input.Layout, Inputs[1].Layout, Inputs[2].Layout, Output.Layout);
        selection.Call(kernel, Node, Input, Inputs[1], Inputs[2], Output);
    }
}

internal sealed class MaxUnpoolGradientCpu(Node node) : CpuOp<MaxUnpoolGradientOp>(node)
{
    public override void SelectKernels(KernelSelection selection)
    {
        Kernel kernel = Unpooling.Gradient(
            selection.NameOf(Node), selection.SummaryOf(Node), Op.Pool, Input.Layout, Inputs[1].Layout, Inputs[2].Layout, Output.Layout);
        selection.Call(kernel, Node, Input, Inputs[1], Inputs[2], Output);
    }
}
