using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>y = W x + b, of all samples at once: input and weights lie along the depth of the product, as files have them.</summary>
internal sealed class LinearCuda : CudaOp
{
    public override string? Refuse(Node node)
    {
        var op = (LinearOp)node.Op;
        if (op.Groups > 1 || op.Normalization is not null || node.Parameters.Any(use => use.Parts > 1))
            return "has a part of a product, which GPUs have no kernel for yet";
        return node.Input.Shape.Dimensions[node.Input.Shape.Rank - 1] != op.InFeatures
            ? "has its features in front of its positions, which GPUs have no kernel for yet" : CudaActivations.Refuse(op.Activation);
    }

    public override void Select(CudaSelection selection, Node node)
    {
        var op = (LinearOp)node.Op;
        ParameterInfo weight = node.Parameter("weight");
        ParameterInfo? bias = node.OptionalParameter("bias");
        ProductTile tile = ProductTile.Usual;
        CudaKernel kernel = selection.Kernel(node, (op, bias is not null), tile.Threads, name => new ProductKernel(
            new MatrixOperand("input", IsDepthContiguous: true, op.InFeatures),
            new MatrixOperand("weight", IsDepthContiguous: true, op.InFeatures), tile)
        {
            Columns = op.OutFeatures,
            Depth = op.InFeatures,
            Result = new MatrixResult(op.OutFeatures),
            HasBias = bias is not null,
            Epilogue = op.Activation is { } activation ? (writer, x) => CudaActivations.Apply(writer, activation, x) : null,
        }.Write(name, node.Title));
        CudaCount rows = CudaCount.OfSamples(node.Input.Shape.Size / op.InFeatures);
        CudaArgument[] biases = bias is null ? [] : [CudaSelection.Of(bias)];
        selection.Launch(kernel, new CudaExtent(CudaCount.Of(op.OutFeatures), tile.Columns), new CudaExtent(rows, tile.Rows),
            [selection.Of(node.Input), CudaSelection.Of(weight), .. biases, selection.Of(node.Output!), CudaSelection.Of(rows)]);
    }
}
