using NetGen.Generator.Ir;
using NetGen.Generator.Layers;

namespace NetGen.Generator.Cpu;

/// <summary>
/// In inference a convolution takes the pooling behind it into its epilogue, where its kernel for the chosen layouts can, so that what the
/// windows cover is never stored. In training it is needed for the derivatives.
/// </summary>
internal static class FusePooling
{
    public static void Run(Graph graph)
    {
        foreach (PoolNode pool in graph.Nodes.OfType<PoolNode>().ToList())
        {
            if (!pool.Rows.IsTiling || !pool.Columns.IsTiling || pool.Input.Consumers.Count != 1 || pool.Input == graph.Output
                || pool.Input.Producer is not Conv2dNode convolution || !convolution.TryTakePool(pool))
            {
                continue;
            }
            graph.Remove(pool);
            convolution.Output = pool.Output;
            pool.Output!.Producer = convolution;
        }
    }
}
