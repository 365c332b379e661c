using NetGen.Generator.Cpu.Ops;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Plans;

/// <summary>What the processor makes of each kind of op.</summary>
internal static class CpuOps
{
    private static readonly Dictionary<Type, Func<Node, CpuOp>> ByOp = new()
    {
        [typeof(ActivationOp)] = node => new ActivationCpu(node),
        [typeof(ActivationGradientOp)] = node => new ActivationGradientCpu(node),
        [typeof(AddOp)] = node => new AddCpu(node),
        [typeof(AlphaDropoutOp)] = node => new AlphaDropoutCpu(node),
        [typeof(AlphaDropoutGradientOp)] = node => new AlphaDropoutGradientCpu(node),
        [typeof(BatchNormOp)] = node => new BatchNormCpu(node),
        [typeof(BatchNormGradientOp)] = node => new BatchNormGradientCpu(node),
        [typeof(BiasGradientOp)] = node => new BiasGradientCpu(node),
        [typeof(ChannelMapOp)] = node => new ChannelMapCpu(node),
        [typeof(ChannelMapGradientOp)] = node => new ChannelMapGradientCpu(node),
        [typeof(Conv2dOp)] = node => new Conv2dCpu(node),
        [typeof(Conv2dInputGradientOp)] = node => new Conv2dInputGradientCpu(node),
        [typeof(Conv2dWeightGradientOp)] = node => new Conv2dWeightGradientCpu(node),
        [typeof(ConvTranspose2dOp)] = node => new ConvTranspose2dCpu(node),
        [typeof(ConvTranspose2dInputGradientOp)] = node => new ConvTranspose2dInputGradientCpu(node),
        [typeof(ConvTranspose2dWeightGradientOp)] = node => new ConvTranspose2dWeightGradientCpu(node),
        [typeof(CosineEmbeddingLossOp)] = node => new CosineEmbeddingLossCpu(node),
        [typeof(CrossEntropyLossOp)] = node => new CrossEntropyLossCpu(node),
        [typeof(DropoutOp)] = node => new DropoutCpu(node),
        [typeof(DropoutGradientOp)] = node => new DropoutGradientCpu(node),
        [typeof(ElementwiseLossOp)] = node => new ElementwiseLossCpu(node),
        [typeof(FlattenOp)] = node => new FlattenCpu(node),
        [typeof(LinearOp)] = node => new LinearCpu(node),
        [typeof(LinearInputGradientOp)] = node => new LinearInputGradientCpu(node),
        [typeof(LinearWeightGradientOp)] = node => new LinearWeightGradientCpu(node),
        [typeof(LogSoftmaxOp)] = node => new LogSoftmaxCpu(node),
        [typeof(LogSoftmaxGradientOp)] = node => new LogSoftmaxGradientCpu(node),
        [typeof(MaxUnpoolOp)] = node => new MaxUnpoolCpu(node),
        [typeof(MaxUnpoolGradientOp)] = node => new MaxUnpoolGradientCpu(node),
        [typeof(NLLLossOp)] = node => new NLLLossCpu(node),
        [typeof(OuterProductOp)] = node => new OuterProductCpu(node),
        [typeof(OuterProductGradientOp)] = node => new OuterProductGradientCpu(node),
        [typeof(PReLUOp)] = node => new PReLUCpu(node),
        [typeof(PReLUGradientOp)] = node => new PReLUGradientCpu(node),
        [typeof(PReLUWeightGradientOp)] = node => new PReLUWeightGradientCpu(node),
        [typeof(PadOp)] = node => new PadCpu(node),
        [typeof(PadGradientOp)] = node => new PadGradientCpu(node),
        [typeof(PoolOp)] = node => new PoolCpu(node),
        [typeof(PoolGradientOp)] = node => new PoolGradientCpu(node),
        [typeof(ResampleOp)] = node => new ResampleCpu(node),
        [typeof(SampleNormOp)] = node => new SampleNormCpu(node),
        [typeof(SampleNormGradientOp)] = node => new SampleNormGradientCpu(node),
        [typeof(SampleNormParameterGradientOp)] = node => new SampleNormParameterGradientCpu(node),
        [typeof(SoftmaxOp)] = node => new SoftmaxCpu(node),
        [typeof(SoftmaxGradientOp)] = node => new SoftmaxGradientCpu(node),
    };

    /// <summary>
    /// Gives every node of a graph that has none yet what the processor makes of it, for its life: whatever op the fusions give it.
    /// </summary>
    public static void Bind(Graph graph)
    {
        foreach (Node node in graph.Nodes)
            node.Target ??= Create(node);
    }

    private static CpuOp Create(Node node) => ByOp.TryGetValue(node.Op.GetType(), out Func<Node, CpuOp>? create)
        ? create(node)
        : throw new NotSupportedException($"The processor has nothing for {node.Op.GetType().Name}.");
}
