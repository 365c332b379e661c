using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Passes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cpu.Ops;

/// <summary>The tensors and constants of a batch normalisation, whether it is a node or folded into one.</summary>
/// <param name="Weight">Null, like <paramref name="Bias"/>, where the layer is not affine.</param>
internal sealed record BatchNormTensors(
    BatchNormOp Op, ParameterInfo? Weight, ParameterInfo? Bias, ParameterInfo RunningMean, ParameterInfo RunningVar, ParameterInfo Batches)
{
    /// <summary>Floats of one run of coefficients, one for each channel.</summary>
    public int Stride => Layout.RoundUp(RunningMean.Length);

    /// <summary>What the kernels are told.</summary>
    public BatchNormGeometry Geometry => new(Stride, Op.Affine, Op.Eps, Op.Momentum);

    /// <param name="prefix">Of the slots: <see cref="BatchNormOp.FoldedPrefix"/>, or nothing in the node of the op itself.</param>
    public static BatchNormTensors Of(Node node, BatchNormOp op, string prefix = "") => new(
        op, node.OptionalParameter(prefix + "weight"), node.OptionalParameter(prefix + "bias"), node.Parameter(prefix + "running_mean"),
        node.Parameter(prefix + "running_var"), node.Parameter(prefix + "num_batches_tracked"));

    /// <summary>What is folded into a node; null where nothing is.</summary>
    public static BatchNormTensors? FoldedInto(Node node)
        => node.Op is IFoldsNormalization { Normalization: { } normalization } ? Of(node, normalization, BatchNormOp.FoldedPrefix) : null;

    /// <summary>Derives scale and shift from the running statistics.</summary>
    public RuntimeCall PrepareScale(PreparedArgument target) => new("BatchNormalization.Prepare",
        KernelSelection.Parameter(RunningMean), KernelSelection.Parameter(RunningVar), OrNull(Weight), OrNull(Bias), target,
        new NumberArgument(Stride), new NumberArgument(RunningMean.Length), new RealArgument(Op.Eps))
    {
        IsShared = false,
    };

    /// <summary>A tensor of the layer, or a pointer to nothing.</summary>
    public static Argument OrNull(ParameterInfo? parameter) => KernelSelection.Optional(parameter) ?? new NullArgument();
}

/// <summary>
/// In training by the statistics of the batch: a first kernel reads all samples before a second writes any. In inference a scale and a
/// shift of each channel, which the pass FoldBatchNorm gives to the layer in front where it can.
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

        static Argument? Gradient(ParameterInfo? parameter) => parameter is null ? null : KernelSelection.Gradient(parameter);
    }
}
