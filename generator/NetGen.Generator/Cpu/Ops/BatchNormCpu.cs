using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Passes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cpu.Ops;

/// <summary>
/// In training by the statistics of the batch: a first kernel reads all samples before a second writes any. In inference, and where it is
/// frozen, a scale and a shift of each channel, which the pass FoldBatchNorm gives to the layer in front where it can.
/// </summary>
internal sealed class BatchNormCpu(Node node) : CpuOp<BatchNormOp>(node)
{
    private BatchNormTensors Tensors => BatchNormTensors.Of(Node, Op);

    /// <summary>A count is a 64-bit integer in the place of two floats: a vector's place is 16, and aligned.</summary>
    public override IEnumerable<PackingRequest> PackParameters(Graph graph, LayoutFacts facts)
    {
        BatchNormTensors tensors = Tensors;
        return PackingRequest.Vectors(tensors.Weight, tensors.Bias, tensors.RunningMean, tensors.RunningVar, tensors.Batches);
    }

    /// <summary>Training: six runs, as BatchNormalization has them. Inference: scale and shift.</summary>
    public override void PrepareWeights(PreparedWeights prepared)
    {
        long offset = prepared.Reserve(Node, PreparedForm.Normalization, (Op.IsTraining ? 6 : 2) * (long)Tensors.Stride);
        if (!Op.IsTraining)
            prepared.Add(Node, Tensors.PrepareScale(new PreparedArgument(offset)));
    }

    public override void SelectKernels(KernelSelection selection)
    {
        BatchNormTensors tensors = Tensors;
        string name = selection.NameOf(Node);
        PreparedArgument statistics = selection.Prepared(Node, PreparedForm.Normalization);
        if (Op.IsTraining)
        {
            Kernel kernel = BatchNormKernels.Statistics(
                name + "Statistics", $"{Heading}: mean and variance of each channel over the batch, and the running ones.",
                Input.Layout, tensors.Geometry);
            selection.CallForBatch(kernel, Node,
                Input, KernelSelection.Optional(tensors.Weight), KernelSelection.Optional(tensors.Bias),
                KernelSelection.Parameter(tensors.RunningMean), KernelSelection.Parameter(tensors.RunningVar),
                KernelSelection.Parameter(tensors.Batches), statistics);
        }
        PreparedArgument scale = Op.IsTraining ? statistics with { Run = 2 * tensors.Stride } : statistics;
        PreparedArgument shift = statistics with { Run = (Op.IsTraining ? 3 : 1) * tensors.Stride };
        Value? residual = Node.Residual;
        selection.Call(
            BatchNormKernels.ScaleShift(
                name, selection.SummaryOf(Node), Input.Layout, Output.Layout, residual?.Layout, Op.Activation),
            Node, Input, residual, scale, shift, Output);
    }
}

internal sealed class BatchNormGradientCpu(Node node) : CpuOp<BatchNormGradientOp>(node)
{
    public override void SelectKernels(KernelSelection selection)
    {
        Node forward = Node.Forward!;
        BatchNormTensors tensors = BatchNormTensors.Of(forward, (BatchNormOp)forward.Op);
        string name = selection.NameOf(Node);
        PreparedArgument statistics = selection.Prepared(forward, PreparedForm.Normalization);
        Value input = Inputs[1];
        Kernel sums = BatchNormKernels.GradientSums(
            name + "Sums", $"{Heading}: gradients of weight and bias, and what the gradient of the input needs of the batch.",
            input.Layout, Input.Layout, tensors.Geometry);
        selection.CallForBatch(sums, Node, input, Input, Gradient(tensors.Weight), Gradient(tensors.Bias), statistics);

        (Activation, Layout)? mask = Node.Mask is { } m ? (m.Activation, m.Output.Layout) : null;
        selection.Call(
            BatchNormKernels.InputGradient(name, selection.SummaryOf(Node), input.Layout, Input.Layout, Output.Layout, mask),
            Node, Input, input, Node.Mask?.Output, statistics, Run(2), Run(4), Run(5), Output);

        PreparedArgument Run(int index) => statistics with { Run = index * tensors.Stride };

        Argument? Gradient(ParameterInfo? parameter) => parameter is null ? null : selection.Gradient(Node, parameter);
    }
}

/// <summary>The coefficients are those of the node in the forward pass, which stay as they are.</summary>
internal sealed class BatchNormScaleGradientCpu(Node node) : CpuOp<BatchNormScaleGradientOp>(node)
{
    public override void SelectKernels(KernelSelection selection)
    {
        (Activation, Layout)? mask = Node.Mask is { } m ? (m.Activation, m.Output.Layout) : null;
        selection.Call(
            BatchNormKernels.ScaleGradient(selection.NameOf(Node), selection.SummaryOf(Node), Input.Layout, Output.Layout, mask),
            Node, Input, Node.Mask?.Output, selection.Prepared(Node.Forward!, PreparedForm.Normalization), Output);
    }
}
