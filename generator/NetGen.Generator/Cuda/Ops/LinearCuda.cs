using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>
/// y = W x + b, of all samples and positions at once: input and weights lie along the depth of the product, as files have them. Features in
/// groups lie behind one another as they do without.
/// </summary>
internal sealed class LinearCuda : CudaOp
{
    public override string? Refuse(Node node) => CudaActivations.Refuse(((LinearOp)node.Op).Activation);

    /// <summary>Of positions the channels that are normalised are not the features.</summary>
    public override bool FoldsNormalization(Node node) => node.Input.Shape.IsVector;

    public override void Select(CudaSelection selection, Node node)
    {
        var op = (LinearOp)node.Op;
        Channelwise added = Channelwise.Of(selection, node);
        ProductTile tile = ProductTile.For(rows: null, op.OutFeatures, op.InFeatures);
        object key = (op with { Groups = 1 }, added.HasScale, added.HasBias);
        CudaKernel kernel = selection.Kernel(node, key, new ProductKernel(
            new MatrixOperand("input", IsDepthContiguous: true, op.InFeatures),
            new MatrixOperand("weight", IsDepthContiguous: true, op.InFeatures), tile)
        {
            Columns = op.OutFeatures,
            Depth = op.InFeatures,
            Result = new MatrixResult(op.OutFeatures),
            HasScale = added.HasScale,
            HasBias = added.HasBias,
            Epilogue = CudaActivations.Epilogue(op.Activation),
        });
        CudaCount rows = CudaCount.OfSamples(node.Input.Shape.Size / op.InFeatures);
        selection.Launch(kernel, new CudaExtent(CudaCount.Of(op.OutFeatures), tile.Columns), new CudaExtent(rows, tile.Rows),
            [selection.Of(node.Input), .. CudaSelection.Of(node, "weight"), .. added.Arguments, selection.Of(node.Output!),
                CudaSelection.Of(rows)]);
    }
}
