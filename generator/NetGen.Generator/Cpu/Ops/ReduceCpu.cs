using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cpu.Ops;

internal sealed class ReduceCpu(Node node) : CpuOp<ReduceOp>(node)
{
    public override LaneDimension Lanes => LaneDimension.Either;

    public override void SelectKernels(KernelSelection selection) => selection.Call(
        ReductionKernels.Forward(
            selection.NameOf(Node), selection.SummaryOf(Node), Op.Function, Op.Correction, Input.Layout, Output.Layout),
        Node, Input, Output);
}

internal sealed class ReduceGradientCpu(Node node) : CpuOp<ReduceGradientOp>(node)
{
    public override void SelectKernels(KernelSelection selection)
    {
        string name = selection.NameOf(Node), summary = selection.SummaryOf(Node);
        Layout gradient = Input.Layout;
        Kernel kernel = Op.Function switch
        {
            ReduceFunction.Sum => BroadcastMap.Create(name, summary, [("outputGradient", gradient)], Output.Layout,
                (_, x) => x[0], keepsZero: true),
            ReduceFunction.Mean => BroadcastMap.Create(name, summary, [("outputGradient", gradient)], Output.Layout,
                (_, x) => x[0] * (1f / (Output.Shape.Size / Input.Shape.Size)), keepsZero: true),
            ReduceFunction.Var
                => ReductionKernels.VarianceGradient(name, summary, Op.Correction, gradient, Inputs[1].Layout, Output.Layout),
            _ => ReductionKernels.ExtremeGradient(name, summary, gradient, Inputs[1].Layout, Inputs[2].Layout, Output.Layout),
        };
        selection.Call(kernel, Node, [.. Inputs.Select(input => (Argument)new ValueArgument(input)), new ValueArgument(Output)]);
    }
}

internal sealed class NormalizeCpu(Node node) : CpuOp<NormalizeOp>(node)
{
    public override LaneDimension Lanes => LaneDimension.Either;

    public override void SelectKernels(KernelSelection selection) => selection.Call(
        NormalizeKernels.Forward(selection.NameOf(Node), selection.SummaryOf(Node), Op.Eps, Input.Layout,
            NormalizeKernels.Norms(Input.Layout, Input.Shape.Rank, Op.Axis), Output.Layout),
        Node, Input, Output);
}

internal sealed class NormalizeGradientCpu(Node node) : CpuOp<NormalizeGradientOp>(node)
{
    public override void SelectKernels(KernelSelection selection) => selection.Call(
        NormalizeKernels.Gradient(selection.NameOf(Node), selection.SummaryOf(Node), Op.Eps, Input.Layout, Inputs[1].Layout,
            NormalizeKernels.Norms(Inputs[1].Layout, Inputs[1].Shape.Rank, Op.Axis), Output.Layout),
        Node, Input, Inputs[1], Output);
}
