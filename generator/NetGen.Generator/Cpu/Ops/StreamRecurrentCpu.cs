using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Ops;

/// <summary>The kernels of whole sequences, with one state that stays.</summary>
internal sealed class StreamRecurrentCpu(Node node) : CpuOp<StreamRecurrentOp>(node)
{
    private ParameterInfo? Bias => Node.OptionalParameter("bias");

    private RecurrentGeometry Geometry => new(Op.Units, Steps: 1, IsReverse: false, HasLengths: false) { Rows = 1 };

    public override LaneDimension Lanes => LaneDimension.Features;

    public override long StateLength => Geometry.ForwardScratch;

    public override void ChooseExtraLayouts()
    {
        foreach (Value cells in Node.ExtraOutputs.Where(output => !output.HasLayout))
            cells.Layout = Layout.ForRows(cells.Shape.Size);
    }

    public override void SelectKernels(KernelSelection selection)
    {
        Value? cells = Node.ExtraOutputs.FirstOrDefault();
        Kernel kernel = new RecurrentKernels(Geometry).Steps(
            selection.NameOf(Node) + "Steps", selection.SummaryOf(Node), Bias is not null, Input.Layout, Output.Layout, cells?.Layout);
        selection.Call(kernel, Node, Input, Output, cells, KernelSelection.Parameter(Node.Parameter("weight")),
            KernelSelection.Optional(Bias), KernelSelection.Optional(Node.OptionalParameter(RecurrentOp.ProjectionSlot)),
            selection.State(Node));
    }
}
