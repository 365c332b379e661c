using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Ops;

/// <summary>A view: where its input has channels in the lanes, a copy has been put between.</summary>
internal sealed class FeatureRowsCpu(Node node) : CpuOp<FeatureRowsOp>(node)
{
    public override LaneDimension Lanes => LaneDimension.Features;

    public override bool GivesViews => true;

    public override void ChooseView(LayoutFacts facts)
    {
        if (Input.Layout == Output.Layout)
            Output.AliasOf = Input;
    }

    public override void SelectKernels(KernelSelection selection)
    {
        if (Output.AliasOf is not null)
            return;
        MoveOp copy = MoveOp.Into(Input.Shape, axis: 0, start: 0);
        selection.Call(Movement.Create(selection.NameOf(Node), selection.SummaryOf(Node), copy, Input.Layout, Output.Layout), Node,
            Input, Output);
    }
}
