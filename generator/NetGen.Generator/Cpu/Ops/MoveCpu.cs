using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Ops;

internal sealed class MoveCpu(Node node) : CpuOp<MoveOp>(node)
{
    public override LaneDimension Lanes => LaneDimension.Any;

    public override bool KeepsDimensions => Op.Loops.All(loop => loop.From == loop.To);

    public override bool ReadsScalars => true;

    /// <summary>A stretch of the first dimension is where it is.</summary>
    public override IEnumerable<ValuePart> Parts
        => Op.StretchOfFirst(Input.Shape, Output.Shape) is { } start ? [new ValuePart(Output, Input, start)] : [];

    public override void SelectKernels(KernelSelection selection)
    {
        if (Output.AliasOf is not null)
            return;
        selection.CallEach(
            Movement.Create(selection.NameOf(Node), selection.SummaryOf(Node), Output.Shape.HasLengths ? Op.OfPosition : Op,
                Input.Layout.OfPosition, Output.Layout.OfPosition), Node, Input, Output);
    }
}
