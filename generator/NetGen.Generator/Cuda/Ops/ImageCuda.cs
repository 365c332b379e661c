using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>An image with a border: a thread for each pixel of the result.</summary>
internal sealed class PadCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (PadOp)node.Op;
        TensorShape input = node.Input.Shape, output = node.Output!.Shape;
        CudaKernel kernel = selection.Kernel(node, (op, input.Dimensions), EachElementKernel.Threads,
            name => ImageKernels.WritePad(name, node.Title, op.Pads, op.Mode, input, output));
        selection.LaunchForEach(kernel, CudaCount.OfSamples(output.Size), selection.Of(node.Input), selection.Of(node.Output));
    }
}

/// <summary>An image of another size: a thread for each pixel of the result.</summary>
internal sealed class ResampleCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (ResampleOp)node.Op;
        if (op.IsGradient)
        {
            CudaKernel back = selection.Kernel(node, (op.Rows.Map, op.Columns.Map, "gradient"), EachElementKernel.Threads,
                name => ImageKernels.WriteResampleGradient(name, node.Title, op.Rows.Map, op.Columns.Map));
            selection.LaunchForEach(back, CudaCount.OfSamples(node.Output!.Shape.Size), selection.Of(node.Input),
                selection.Of(node.Output));
            return;
        }
        CudaKernel kernel = selection.Kernel(node, (op.Rows.Map, op.Columns.Map), EachElementKernel.Threads,
            name => ImageKernels.WriteResample(name, node.Title, op.Rows.Map, op.Columns.Map));
        selection.LaunchForEach(kernel, CudaCount.OfSamples(node.Output!.Shape.Size), selection.Of(node.Input), selection.Of(node.Output));
    }
}

/// <summary>What flows back from an image with a border: a thread for each pixel of the image.</summary>
internal sealed class PadGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (PadGradientOp)node.Op;
        TensorShape padded = node.Input.Shape, image = node.Output!.Shape;
        CudaKernel kernel = selection.Kernel(node, (op, image.Dimensions), EachElementKernel.Threads,
            name => ImageKernels.WritePadGradient(name, node.Title, op.Pads, op.Mode, image, padded));
        selection.LaunchForEach(kernel, CudaCount.OfSamples(image.Size), selection.Of(node.Input), selection.Of(node.Output));
    }
}
