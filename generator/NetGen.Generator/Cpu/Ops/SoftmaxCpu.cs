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

// Sample by sample, since each may have another number of positions.
internal sealed class SoftmaxPositionsCpu(Node node) : CpuOp<SoftmaxPositionsOp>(node)
{
    public override LaneDimension Lanes => LaneDimension.Features;

    public override void SelectKernels(KernelSelection selection) => selection.CallPerSample(
        LengthKernels.Softmax(selection.NameOf(Node), selection.SummaryOf(Node), Input.Shape.Width, Input.Layout), Node,
        Input, Output, LengthOf(Input));

    /// <summary>How many positions each sample of a value has: what it brings, or as many as all.</summary>
    public static Argument LengthOf(Value value) => KernelSelection.Length(value) ?? new NumberArgument(value.Shape.Channels);
}

internal sealed class SoftmaxPositionsGradientCpu(Node node) : CpuOp<SoftmaxPositionsGradientOp>(node)
{
    public override LaneDimension Lanes => LaneDimension.Features;

    public override void SelectKernels(KernelSelection selection) => selection.CallPerSample(
        LengthKernels.SoftmaxGradient(selection.NameOf(Node), selection.SummaryOf(Node), Output.Layout), Node,
        Input, Inputs[1], Output, SoftmaxPositionsCpu.LengthOf(Output));
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
