using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Ops;

internal sealed class MoveCpu(Node node) : CpuOp<MoveOp>(node)
{
    public override LaneDimension Lanes => LaneDimension.Any;

    public override bool ReadsScalars => true;

    public override void SelectKernels(KernelSelection selection) => selection.Call(
        Movement.Create(selection.NameOf(Node), selection.SummaryOf(Node), Op, Input.Layout, Output.Layout), Node, Input, Output);
}
