using NetGen.Generator.Ir;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>The same numbers in the same order.</summary>
internal sealed class FlattenCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node) => selection.Alias(node.Output!, node.Input);
}

/// <inheritdoc cref="FlattenCuda"/>
internal sealed class BoundaryCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node) => selection.Alias(node.Output!, node.Input);
}

/// <inheritdoc cref="FlattenCuda"/>
internal sealed class FeatureRowsCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node) => selection.Alias(node.Output!, node.Input);
}
