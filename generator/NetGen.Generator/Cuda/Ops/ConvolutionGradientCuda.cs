using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>What a transposed convolution of the output's gradient with the same weights gives.</summary>
internal sealed class Conv2dInputGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (Conv2dInputGradientOp)node.Op;
        Convolutions.SelectGradient(selection, node, op.Window, op.Groups, isTransposed: true);
    }
}

/// <summary>A convolution of the output's gradient with the same weights.</summary>
internal sealed class ConvTranspose2dInputGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (ConvTranspose2dInputGradientOp)node.Op;
        Convolutions.SelectGradient(selection, node, op.Window, op.Groups, isTransposed: false);
    }
}

/// <summary>Products of the output's gradient with the windows of the input, over samples and pixels; sums of the gradient.</summary>
internal sealed class Conv2dWeightGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (Conv2dWeightGradientOp)node.Op;
        ConvolutionWeights.Select(selection, node, op.Window, op.Groups, node.Inputs[0], node.Inputs[1], node.Inputs[1]);
    }
}

/// <summary>Those of the input with the windows of the output's gradient.</summary>
internal sealed class ConvTranspose2dWeightGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (ConvTranspose2dWeightGradientOp)node.Op;
        ConvolutionWeights.Select(selection, node, op.Window, op.Groups, node.Inputs[1], node.Inputs[0], node.Inputs[1]);
    }
}

/// <summary>What both have in common.</summary>
internal static class ConvolutionWeights
{
    /// <param name="windows">The value that the windows lie on.</param>
    /// <param name="pixels">The value that has a pixel for each window.</param>
    /// <param name="gradient">The output's gradient, of which the bias is.</param>
    public static void Select(CudaSelection selection, Node node, ConvolutionWindow window, int groups, Value windows, Value pixels,
        Value gradient)
    {
        if (CudaSelection.GradientOf(node, "weight") is { } weight)
            SelectWeights(selection, node, window, groups, windows, pixels, weight);
        int channels = gradient.Shape.Channels;
        BiasSums.Launch(selection, node, "bias", gradient,
            new BatchSum(channels, gradient.Shape.Size / channels, 1, IsOutputInnermost: false));
    }

    private static void SelectWeights(CudaSelection selection, Node node, ConvolutionWindow window, int groups, Value windows, Value pixels,
        CudaArgument result)
    {
        TensorShape input = windows.Shape, output = pixels.Shape;
        int taps = window.Kernel.Height * window.Kernel.Width, inPer = input.Channels / groups, outPer = output.Channels / groups;
        int size = output.Height * output.Width;
        object key = ("convolution weights", window, groups, input.Dimensions, output.Dimensions);
        if (groups > 1 && outPer <= Convolutions.FewRows)
        {
            var sum = new BatchSum(output.Channels * inPer * taps, size, 1, IsOutputInnermost: false);
            BatchSums.Launch(selection, node, sum, key, [("gradient", selection.Of(pixels)), ("input", selection.Of(windows))], [result],
                (writer, pointers, sample, own, inner) =>
                {
                    (PtxInt filter, PtxInt tap) = writer.Divide(own, taps, "filter", "tap");
                    (PtxInt channel, PtxInt inGroup) = writer.Divide(filter, inPer, "channel", "inGroup");
                    PtxInt group = writer.Divide(channel, outPer, "group", "rest").Quotient;
                    PtxInt from = writer.MultiplyAdd(group, PtxWriter.Number(inPer), inGroup, "from");
                    PtxInt plane = writer.MultiplyAdd(sample, PtxWriter.Number(input.Channels), from, "plane");
                    (PtxInt at, PtxPredicate isInside) = WindowPixel.Of(writer, window, input, output, plane, tap, inner);
                    PtxFloat x = writer.LoadOrZero(isInside, writer.ElementAddress(pointers[1], at, "at"), 1, "x")[0];
                    PtxInt image = writer.MultiplyAdd(sample, PtxWriter.Number(output.Channels), channel, "image");
                    PtxInt place = writer.MultiplyAdd(image, PtxWriter.Number(size), inner, "place");
                    return [writer.Multiply(writer.Element(pointers[0], place, "dy"), x, "product")];
                });
            return;
        }
        ProductTile tile = ProductTile.For(outPer, inPer * taps, depth: null);
        CudaKernel kernel = selection.Kernel(node, key, new ProductKernel(
            new ImageDepthOperand("gradient", output.Channels, size), new WindowDepthOperand("input", window, input, output), tile)
        {
            Rows = outPer,
            Columns = inPer * taps,
            Result = new MatrixResult(inPer * taps),
            Groups = groups,
            GroupStrides = (outPer * size, inPer * input.Height * input.Width),
            Split = WeightProducts.Split,
        });
        WeightProducts.Launch(selection, node, kernel, tile, outPer, inPer * taps, groups, CudaCount.OfSamples(size),
            [selection.Of(pixels), selection.Of(windows)], result);
    }
}
