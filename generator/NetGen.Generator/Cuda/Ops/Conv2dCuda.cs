using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>
/// A convolution as a product: a row for each channel of the result, a column for each window of each sample, as deep as channels and
/// taps. The windows are read from the image as they are needed.
/// </summary>
internal sealed class Conv2dCuda : CudaOp
{
    public override string? Refuse(Node node)
    {
        var op = (Conv2dOp)node.Op;
        if (op.Groups > 1)
            return "has groups, which GPUs have no kernel for yet";
        return op.Normalization is null ? CudaActivations.Refuse(op.Activation)
            : "has a normalisation in it, which GPUs have no kernel for yet";
    }

    public override void Select(CudaSelection selection, Node node)
    {
        var op = (Conv2dOp)node.Op;
        TensorShape input = node.Input.Shape, output = node.Output!.Shape;
        ParameterInfo weight = node.Parameter("weight");
        ParameterInfo? bias = node.OptionalParameter("bias");
        ProductTile tile = ProductTile.Usual;
        int depth = input.Channels * op.Window.Kernel.Height * op.Window.Kernel.Width, pixels = output.Height * output.Width;
        CudaKernel kernel = selection.Kernel(node, (op, input, output, bias is not null), tile.Threads, name => new ProductKernel(
            new MatrixOperand("weight", IsDepthContiguous: true, depth), new WindowOperand("input", op.Window, input, output), tile)
        {
            Rows = output.Channels,
            Depth = depth,
            Result = new ImageResult(output.Channels, pixels),
            HasBias = bias is not null,
            IsBiasOfRows = true,
            HasResidual = op.Residual is not null,
            Epilogue = op.Activation is { } activation ? (writer, x) => CudaActivations.Apply(writer, activation, x) : null,
        }.Write(name, node.Title));
        CudaCount columns = CudaCount.OfSamples(pixels);
        CudaArgument[] biases = bias is null ? [] : [CudaSelection.Of(bias)];
        CudaArgument[] residuals = node.Residual is null ? [] : [selection.Of(node.Residual)];
        selection.Launch(kernel, new CudaExtent(columns, tile.Columns), new CudaExtent(CudaCount.Of(output.Channels), tile.Rows),
            [CudaSelection.Of(weight), selection.Of(node.Input), .. biases, .. residuals, selection.Of(node.Output!),
                CudaSelection.Of(columns)]);
    }
}
