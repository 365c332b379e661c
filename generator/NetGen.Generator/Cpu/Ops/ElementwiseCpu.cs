using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Ops;

internal sealed class ActivationCpu(Node node) : CpuOp<ActivationOp>(node)
{
    public override LaneDimension Lanes => LaneDimension.Either;

    public override VectorOrder Order => VectorOrder.Kept;

    public override void SelectKernels(KernelSelection selection) => selection.Call(
        Elementwise.Activate(selection.NameOf(Node), selection.SummaryOf(Node), Op.Activation, Input.Layout, Output.Layout),
        Node, Input, Output);
}

internal sealed class ActivationGradientCpu(Node node) : CpuOp<ActivationGradientOp>(node)
{
    public override void SelectKernels(KernelSelection selection)
    {
        Value saved = Inputs[1];
        selection.Call(
            Elementwise.ActivationGradient(
                selection.NameOf(Node), selection.SummaryOf(Node), Op.Activation, Input.Layout, saved.Layout, Output.Layout),
            Node, Input, saved, Output);
    }
}

internal sealed class AddCpu(Node node) : CpuOp<AddOp>(node)
{
    public override LaneDimension Lanes => LaneDimension.Either;

    public override void SelectKernels(KernelSelection selection) => selection.Call(
        Elementwise.Add(selection.NameOf(Node), selection.SummaryOf(Node), Inputs[0].Layout, Inputs[1].Layout, Output.Layout),
        Node, Inputs[0], Inputs[1], Output);
}
