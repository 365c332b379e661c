using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Ops;

internal sealed class ParameterGradientSumCpu(Node node) : CpuOp<ParameterGradientSumOp>(node)
{
    public override void SelectKernels(KernelSelection selection)
    {
        ParameterInfo parameter = Node.Parameters[0].Parameter;
        // Where layers are equal one kernel adds the gradients of all their tensors, and names none.
        string name = Group is null ? Name : Stem + Identifiers.ToPascalCase(Node.Parameters[0].Slot) + "Sum";
        string summary = Group is null
            ? $"The gradient of {parameter.Path}, which {Op.Uses} layers use: the sum of what each gives."
            : $"{Heading}: the gradient of a tensor that {Op.Uses} layers use, the sum of what each gives.";
        selection.CallAfterGradients(GradientSum.Create(name, summary, parameter.Packed.Length, Op.Uses), Node,
            [.. Enumerable.Range(0, Op.Uses).Select(turn => selection.Gradient(parameter, turn))]);
    }
}
