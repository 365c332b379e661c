using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu;

/// <summary>
/// In inference a convolution takes the pooling behind it into its epilogue, where its kernel for the chosen layouts can, so that what the
/// windows cover is never stored. In training it is needed for the derivatives.
/// </summary>
internal static class FusePooling
{
    public static void Run(Graph graph)
    {
        foreach (Node pool in graph.Nodes.ToList())
        {
            if (pool.Op is PoolOp { Windows: { Rows.IsTiling: true, Columns.IsTiling: true } windows }
                && graph.IsReadOnlyBy(pool.Input, pool)
                && pool.Input.Producer is { } producer && producer.Cpu.TryTakePool(pool, windows))
            {
                graph.Absorb(pool, producer);
            }
        }
    }
}
