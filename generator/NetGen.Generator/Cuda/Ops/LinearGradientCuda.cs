using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>dx = dy W, of all samples and positions at once.</summary>
internal sealed class LinearInputGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (LinearInputGradientOp)node.Op;
        (ProductPartner? partner, CudaArgument[] saved) = CudaActivations.Mask(selection, node);
        ProductTile tile = ProductTile.For(rows: null, op.InFeatures, op.OutFeatures);
        object key = ("linear gradient", op.InFeatures, op.OutFeatures, op.Mask?.Activation);
        CudaKernel kernel = selection.Kernel(node, key, new ProductKernel(
            new MatrixOperand("gradient", IsDepthContiguous: true, op.OutFeatures),
            new MatrixOperand("weight", IsDepthContiguous: false, op.InFeatures), tile)
        {
            Columns = op.InFeatures,
            Depth = op.OutFeatures,
            Result = new MatrixResult(op.InFeatures),
            Partner = partner,
        });
        CudaCount rows = CudaCount.OfSamples(node.Output!.Shape.Size / op.InFeatures);
        selection.Launch(kernel, new CudaExtent(CudaCount.Of(op.InFeatures), tile.Columns), new CudaExtent(rows, tile.Rows),
            [selection.Of(node.Input), .. CudaSelection.Of(node, "weight"), .. saved, selection.Of(node.Output), CudaSelection.Of(rows)]);
    }
}

/// <summary>dW = dyᵀ x over all samples and positions, and the sums of dy.</summary>
internal sealed class LinearWeightGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (LinearWeightGradientOp)node.Op;
        (Value input, Value gradient) = (node.Inputs[0], node.Inputs[1]);
        int rows = input.Shape.Size / op.InFeatures;
        if (CudaSelection.GradientOf(node, "weight") is { } weight)
        {
            ProductTile tile = ProductTile.For(op.OutFeatures, op.InFeatures, depth: null);
            object key = ("linear weights", op.InFeatures, op.OutFeatures);
            CudaKernel kernel = selection.Kernel(node, key, new ProductKernel(
                new MatrixOperand("gradient", IsDepthContiguous: false, op.OutFeatures),
                new MatrixOperand("input", IsDepthContiguous: false, op.InFeatures), tile)
            {
                Rows = op.OutFeatures,
                Columns = op.InFeatures,
                Result = new MatrixResult(op.InFeatures),
                Split = WeightProducts.Split,
            });
            WeightProducts.Launch(selection, node, kernel, tile, op.OutFeatures, op.InFeatures, groups: 1, CudaCount.OfSamples(rows),
                [selection.Of(gradient), selection.Of(input)], weight);
        }
        BiasSums.Launch(selection, node, "bias", gradient, new BatchSum(op.OutFeatures, rows, 1, IsOutputInnermost: true));
    }
}

/// <summary>The sums of a gradient that are those of a bias.</summary>
internal sealed class BiasGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        int features = node.Parameter("bias").Length;
        BiasSums.Launch(selection, node, "bias", node.Input,
            new BatchSum(features, node.Input.Shape.Size / features, 1, IsOutputInnermost: true));
    }
}

/// <summary>Products over the samples: blocks along z take a part of them each, and then the parts are put together.</summary>
internal static class WeightProducts
{
    /// <summary>Products of a part: a sum in floats, and enough blocks where weights are few.</summary>
    public const int Split = 2048;

    /// <param name="depth">All that is summed over.</param>
    public static void Launch(CudaSelection selection, Node node, CudaKernel kernel, ProductTile tile, int rows, int columns, int groups,
        CudaCount depth, CudaArgument[] operands, CudaArgument result)
    {
        long size = (long)rows * columns * groups;
        CudaArgument scratch = selection.ScratchOf(
            new CudaCount(size * (1 + depth.Constant / Split), (size * depth.PerSample + Split - 1) / Split));
        selection.Launches.Add(new CudaLaunch(node, kernel, new CudaExtent(CudaCount.Of(columns), tile.Columns),
            new CudaExtent(CudaCount.Of(rows), tile.Rows), [.. operands, scratch, CudaSelection.Of(depth)])
        {
            Layers = groups,
            Splits = new CudaExtent(depth, Split),
        });
        BatchSums.LaunchTotals(selection, node, checked((int)size), depth, Split, [result]);
    }
}

/// <summary>Gradients of biases.</summary>
internal static class BiasSums
{
    public static void Launch(CudaSelection selection, Node node, string slot, Value gradient, BatchSum sum)
    {
        if (CudaSelection.GradientOf(node, slot) is not { } bias)
            return;
        BatchSums.Launch(selection, node, sum, "bias", [("gradient", selection.Of(gradient))], [bias],
            (writer, pointers, sample, output, inner) => [writer.Element(pointers[0], Place(writer, sum, sample, output, inner), "dy")],
            "Bias");
    }

    /// <summary>Where an element of a sum lies in a value whose elements all take part, once each.</summary>
    public static PtxInt Place(PtxWriter writer, BatchSum sum, PtxInt sample, PtxInt output, PtxInt inner) => sum.IsOutputInnermost
        ? writer.MultiplyAdd(writer.MultiplyAdd(sample, PtxWriter.Number(sum.Inner), inner, "row"), PtxWriter.Number(sum.Outputs), output,
            "place")
        : writer.MultiplyAdd(writer.MultiplyAdd(sample, PtxWriter.Number(sum.Outputs), output, "row"), PtxWriter.Number(sum.Inner), inner,
            "place");
}
