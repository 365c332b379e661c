using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Ops;

internal sealed class ParameterGradientSumCpu(Node node) : CpuOp<ParameterGradientSumOp>(node)
{
    public override void SelectKernels(KernelSelection selection)
    {
        ParameterInfo parameter = Node.Parameters[0].Parameter;
        string summary = $"The gradient of {parameter.Path}, which {Op.Uses} layers use: the sum of what each gives.";
        selection.CallAfterGradients(GradientSum.Create(Name, summary, parameter.Packed.Length, Op.Uses), Node,
            [.. Enumerable.Range(0, Op.Uses).Select(turn => selection.Gradient(parameter, turn))]);
    }
}
