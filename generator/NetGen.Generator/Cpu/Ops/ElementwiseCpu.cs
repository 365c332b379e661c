using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Ops;

internal sealed class ActivationCpu(Node node) : CpuOp<ActivationOp>(node)
{
    public override LaneDimension Lanes => LaneDimension.Either;

    public override VectorOrder Order => VectorOrder.Kept;

    public override void SelectKernels(KernelSelection selection) => selection.CallEach(
        Elementwise.Activate(
            selection.NameOf(Node), selection.SummaryOf(Node), Op.Activation, Input.Layout.OfPosition, Output.Layout.OfPosition),
        Node, Input, Output);
}

internal sealed class ActivationGradientCpu(Node node) : CpuOp<ActivationGradientOp>(node)
{
    public override void SelectKernels(KernelSelection selection)
    {
        Value saved = Inputs[1];
        selection.CallEach(
            Elementwise.ActivationGradient(
                selection.NameOf(Node), selection.SummaryOf(Node), Op.Activation, Input.Layout.OfPosition, saved.Layout.OfPosition,
                Output.Layout.OfPosition),
            Node, Input, saved, Output);
    }
}

internal sealed class ChainCpu(Node node) : CpuOp<ChainOp>(node)
{
    /// <summary>By the place of the input.</summary>
    private static readonly string[] s_names = ["x", "y", "z", "u", "v", "w"];

    public override LaneDimension Lanes => LaneDimension.Either;

    public override void SelectKernels(KernelSelection selection)
    {
        (string, Layout)[] inputs = [.. Inputs.Select((input, i) => (s_names[i], input.Layout.OfPosition))];
        Kernel kernel = BroadcastMap.Create(
            selection.NameOf(Node), selection.SummaryOf(Node), inputs, Output.Layout.OfPosition, Op.Apply, Op.KeepsZero);
        selection.CallEach(kernel, Node, [.. Inputs.Append(Output).Select(value => (Argument)new ValueArgument(value))]);
    }
}

internal sealed class AddCpu(Node node) : CpuOp<AddOp>(node)
{
    public override LaneDimension Lanes => LaneDimension.Either;

    public override void SelectKernels(KernelSelection selection) => selection.CallEach(
        Elementwise.Add(selection.NameOf(Node), selection.SummaryOf(Node), Inputs[0].Layout.OfPosition, Inputs[1].Layout.OfPosition,
            Output.Layout.OfPosition),
        Node, Inputs[0], Inputs[1], Output);
}
