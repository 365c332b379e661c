using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Ops;

internal sealed class SoftmaxCpu(Node node) : CpuOp<SoftmaxOp>(node)
{
    public override void SelectKernels(KernelSelection selection) => selection.Call(
        RowKernels.Softmax(selection.NameOf(Node), selection.SummaryOf(Node), Input.Layout, Output.Layout), Node, Input, Output);
}

internal sealed class SoftmaxGradientCpu(Node node) : CpuOp<SoftmaxGradientOp>(node)
{
    public override void SelectKernels(KernelSelection selection) => selection.Call(
        RowKernels.SoftmaxGradient(selection.NameOf(Node), selection.SummaryOf(Node), Input.Layout, Inputs[1].Layout, Output.Layout),
        Node, Input, Inputs[1], Output);
}

internal sealed class LogSoftmaxCpu(Node node) : CpuOp<LogSoftmaxOp>(node)
{
    public override void SelectKernels(KernelSelection selection) => selection.Call(
        RowKernels.LogSoftmax(selection.NameOf(Node), selection.SummaryOf(Node), Input.Layout, Output.Layout), Node, Input, Output);
}

internal sealed class LogSoftmaxGradientCpu(Node node) : CpuOp<LogSoftmaxGradientOp>(node)
{
    public override void SelectKernels(KernelSelection selection) => selection.Call(
        RowKernels.LogSoftmaxGradient(selection.NameOf(Node), selection.SummaryOf(Node), Input.Layout, Inputs[1].Layout, Output.Layout),
        Node, Input, Inputs[1], Output);
}
