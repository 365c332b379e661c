using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Layers.Losses;

namespace NetGen.Generator.Cpu.Ops;

// The kernels take, behind the inputs, the pointers of one form of target, then the gradients, the losses (one for each sample), and the
// scale, which is 1 over the divisor.
internal sealed class CrossEntropyLossCpu(Node node) : CpuOp<CrossEntropyLossOp>(node)
{
    public override void SelectKernels(KernelSelection selection)
    {
        Kernel labels = CrossEntropyKernels.Labels(
            Title, Op.Spec, Input.Layout.OfRowOrSample, Output.Layout.OfRowOrSample, Op.OfPositions);
        selection.CallLoss(CrossEntropyLoss.LabelsDriver, labels, Node, LossParameters.Labels);
        if (!CrossEntropyLoss.TakesProbabilities(Op.Spec) || Op.OfPositions)
            return;
        Kernel probabilities = CrossEntropyKernels.Probabilities(Title, Op.Spec, Input.Layout, Output.Layout);
        selection.CallLoss(CrossEntropyLoss.ProbabilitiesDriver, probabilities, Node, LossParameters.Target);
    }
}

internal sealed class NLLLossCpu(Node node) : CpuOp<NLLLossOp>(node)
{
    public override void SelectKernels(KernelSelection selection) => selection.CallLoss(
        "Loss",
        CrossEntropyKernels.NegativeLikelihood(Title, Op.Spec, Input.Layout.OfRowOrSample, Output.Layout.OfRowOrSample, Op.OfPositions),
        Node, LossParameters.Labels);
}

internal sealed class CosineEmbeddingLossCpu(Node node) : CpuOp<CosineEmbeddingLossOp>(node)
{
    public override void SelectKernels(KernelSelection selection)
    {
        if (Inputs.Count == 1)
        {
            Kernel ofOne = CosineEmbeddingKernel.Create(Title, Op.Spec.Margin, Input.Layout, Output.Layout);
            selection.CallLoss("Loss", ofOne, Node, LossParameters.Target, LossParameters.Labels);
            return;
        }
        Kernel ofTwo = CosineEmbeddingKernel.CreateOfTwo(Title, Op.Spec.Margin, Input.Layout);
        selection.CallLoss("Loss", ofTwo, Node, LossParameters.Labels);
    }
}

internal sealed class ElementwiseLossCpu(Node node) : CpuOp<ElementwiseLossOp>(node)
{
    public override void SelectKernels(KernelSelection selection) => selection.CallLoss(
        "Loss", ElementwiseLossKernel.Create(Op.Name, Title, Op.Element, Op.IsOfPositions ? Op.Shape.OfPosition : Op.Shape,
            Input.Layout.OfRowOrSample, Output.Layout.OfRowOrSample, Op.IsOfPositions),
        Node, LossParameters.Target);
}

internal sealed class TripletMarginLossCpu(Node node) : CpuOp<TripletMarginLossOp>(node)
{
    public override void SelectKernels(KernelSelection selection)
        => selection.CallLoss("Loss", TripletMarginKernel.Create(Title, Op.Spec, Input.Layout), Node);
}

/// <summary>Each sample's scores are summed up before the loss of any; no matrix of all scores is kept.</summary>
internal sealed class ContrastiveLossCpu(Node node) : CpuOp<ContrastiveLossOp>(node)
{
    private Value Sums => Node.Outputs[Inputs.Count];

    public override void ChooseExtraLayouts() => Sums.Layout = Layout.ForRows(Sums.Shape.Size);

    public override void SelectKernels(KernelSelection selection)
    {
        selection.CallForBatch(ContrastiveKernels.Sums(Title, Op.Spec, Input.Layout), Node, Input, Inputs[1], Sums);
        selection.CallLossOfBatch("Loss", ContrastiveKernels.Loss(Title, Op.Spec, Input.Layout), Node, Sums);
    }
}
