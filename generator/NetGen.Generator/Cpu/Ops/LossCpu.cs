using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Layers.Losses;

namespace NetGen.Generator.Cpu.Ops;

// The kernels take, behind the input, the pointers of one form of target, then the gradient, the losses (one for each sample), and the
// scale, which is 1 over the divisor.
internal sealed class CrossEntropyLossCpu(Node node) : CpuOp<CrossEntropyLossOp>(node)
{
    public override void SelectKernels(KernelSelection selection)
    {
        Kernel labels = CrossEntropyKernels.Labels(Title, Op.Spec, Input.Layout, Output.Layout);
        selection.CallLoss(CrossEntropyLoss.LabelsDriver, labels, Node, LossParameters.Labels);
        if (!CrossEntropyLoss.TakesProbabilities(Op.Spec))
            return;
        Kernel probabilities = CrossEntropyKernels.Probabilities(Title, Op.Spec, Input.Layout, Output.Layout);
        selection.CallLoss(CrossEntropyLoss.ProbabilitiesDriver, probabilities, Node, LossParameters.Target);
    }
}

internal sealed class NLLLossCpu(Node node) : CpuOp<NLLLossOp>(node)
{
    public override void SelectKernels(KernelSelection selection) => selection.CallLoss(
        "Loss", CrossEntropyKernels.NegativeLikelihood(Title, Op.Spec, Input.Layout, Output.Layout), Node, LossParameters.Labels);
}

internal sealed class CosineEmbeddingLossCpu(Node node) : CpuOp<CosineEmbeddingLossOp>(node)
{
    public override void SelectKernels(KernelSelection selection) => selection.CallLoss(
        "Loss", CosineEmbeddingKernel.Create(Title, Op.Spec.Margin, Input.Layout, Output.Layout),
        Node, LossParameters.Target, LossParameters.Labels);
}

internal sealed class ElementwiseLossCpu(Node node) : CpuOp<ElementwiseLossOp>(node)
{
    public override void SelectKernels(KernelSelection selection) => selection.CallLoss(
        "Loss", ElementwiseLossKernel.Create(Op.Name, Title, Op.Element, Op.Shape, Input.Layout, Output.Layout),
        Node, LossParameters.Target);
}
