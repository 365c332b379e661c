using NetGen.Generator.Ir;

namespace NetGen.Generator.Passes;

/// <summary>
/// In inference a batch normalisation is a scale and a shift of each channel: the convolution or linear layer in front takes both into its
/// weights and bias, where nothing else reads what is between.
/// </summary>
internal static class FoldBatchNorm
{
    /// <param name="canFold">Whether the target's form of a node's weights can take the scale.</param>
    public static void Run(Graph graph, Func<Node, bool> canFold)
    {
        foreach (Node node in graph.Nodes.ToList())
        {
            if (node.Op is not BatchNormOp normalization || !graph.IsReadOnlyBy(node.Input, node)
                || node.Input.Producer is not { Op: IFoldsNormalization { Normalization: null } op } producer || !canFold(producer))
            {
                continue;
            }
            producer.Op = op.WithNormalization(normalization);
            producer.Parameters.AddRange(node.Parameters.Select(use => use with { Slot = BatchNormOp.FoldedPrefix + use.Slot }));
            graph.Absorb(node, producer);
        }
    }
}
