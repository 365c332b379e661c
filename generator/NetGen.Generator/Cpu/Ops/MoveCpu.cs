using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Ops;

internal sealed class MoveCpu(Node node) : CpuOp<MoveOp>(node)
{
    public override LaneDimension Lanes => LaneDimension.Any;

    public override bool ReadsScalars => true;

    public override void SelectKernels(KernelSelection selection) => selection.CallEach(
        Movement.Create(selection.NameOf(Node), selection.SummaryOf(Node), Output.Shape.HasLengths ? Op.OfPosition : Op,
            Input.Layout.OfPosition, Output.Layout.OfPosition), Node, Input, Output);
}
