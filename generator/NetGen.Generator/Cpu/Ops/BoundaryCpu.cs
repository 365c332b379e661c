using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Ops;

/// <summary>Nothing where both sides have one layout; else each sample goes through the caller's order.</summary>
internal sealed class BoundaryCpu(Node node) : CpuOp<BoundaryOp>(node)
{
    public override LaneDimension Lanes => LaneDimension.Any;

    public override bool KeepsDimensions => true;

    public override long ScratchLength => Output.AliasOf is null ? Relayouts.ScratchLength(Input.Shape, Input.Layout, Output.Layout) : 0;

    /// <summary>What is behind has the halo that it needs here already, so that it may be a view.</summary>
    public override (int Left, int Right) HaloOf(Value input) => ChooseLayout.HaloOf(Output);

    public override bool GivesViews => true;

    public override void ChooseView(LayoutFacts facts)
    {
        if (Input.Layout == Output.Layout && !Input.Layout.IsCallers)
            Output.AliasOf = Input;
    }

    public override void SelectKernels(KernelSelection selection)
    {
        if (Output.AliasOf is not null)
            return;
        selection.Call(
            Relayouts.Between(selection.NameOf(Node), selection.SummaryOf(Node), Input.Shape, Input.Layout, Output.Layout),
            Node, Input, Output, KernelSelection.Scratch);
    }
}
