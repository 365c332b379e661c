using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Ops;

// Sample by sample, since each has another number of positions; their vectors are one row each.
internal sealed class PickPositionCpu(Node node) : CpuOp<PickPositionOp>(node)
{
    public override LaneDimension Lanes => LaneDimension.Features;

    public override void SelectKernels(KernelSelection selection) => selection.CallPerSample(
        LengthKernels.Pick(selection.NameOf(Node), selection.SummaryOf(Node), Op.IsLast, Input.Layout), Node,
        Input, Output, KernelSelection.Length(Input));
}

internal sealed class PickPositionGradientCpu(Node node) : CpuOp<PickPositionGradientOp>(node)
{
    public override void SelectKernels(KernelSelection selection) => selection.CallPerSample(
        LengthKernels.PickGradient(selection.NameOf(Node), selection.SummaryOf(Node), Op.IsLast, Output.Layout), Node,
        Input, Output, KernelSelection.Length(Output));
}

internal sealed class ReducePositionsCpu(Node node) : CpuOp<ReducePositionsOp>(node)
{
    public override LaneDimension Lanes => LaneDimension.Features;

    public override void SelectKernels(KernelSelection selection) => selection.CallPerSample(
        LengthKernels.Reduce(selection.NameOf(Node), selection.SummaryOf(Node), Op.Function, Input.Layout), Node,
        Input, Output, KernelSelection.Length(Input));
}

internal sealed class ReducePositionsGradientCpu(Node node) : CpuOp<ReducePositionsGradientOp>(node)
{
    public override void SelectKernels(KernelSelection selection)
    {
        string name = selection.NameOf(Node), summary = selection.SummaryOf(Node);
        if (ReducePositionsOp.IsExtreme(Op.Function))
        {
            selection.CallPerSample(LengthKernels.ExtremeGradient(name, summary, Output.Layout), Node,
                Input, Inputs[1], Inputs[2], Output, KernelSelection.Length(Output));
            return;
        }
        selection.CallPerSample(LengthKernels.SumGradient(name, summary, Op.Function, Output.Layout), Node,
            Input, Output, KernelSelection.Length(Output));
    }
}
