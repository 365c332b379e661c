using NetGen.Generator.Ir;
using NetGen.Generator.Layers;

namespace NetGen.Generator.Passes;

/// <summary>
/// In inference a batch normalisation is a scale and a shift of each channel: the convolution or linear layer in front takes both into its
/// weights and bias, where nothing else reads what is between.
/// </summary>
internal static class FoldBatchNorm
{
    public static void Run(Graph graph)
    {
        foreach (BatchNormNode node in graph.Nodes.OfType<BatchNormNode>().ToList())
        {
            if (node.Input.Consumers.Count != 1 || node.Input.Producer is not IFoldsNormalization { Normalization: null, CanFold: true } layer)
                continue;
            layer.Normalization = node;
            var producer = (Node)layer;
            graph.Remove(node);
            producer.Output = node.Output;
            producer.Output!.Producer = producer;
        }
    }
}
