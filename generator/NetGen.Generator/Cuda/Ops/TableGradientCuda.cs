using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>
/// What flows back to the positions of samples of different lengths from the one that was picked: a thread for each number.
/// </summary>
internal sealed class PickPositionGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        TensorShape shape = node.Output!.Shape;
        bool isLast = ((PickPositionGradientOp)node.Op).IsLast;
        CudaKernel kernel = selection.Kernel(node, (node.Op, shape.Dimensions), EachElementKernel.Threads,
            name => new PositionsKernel(shape.Channels, shape.Size / shape.Channels).WritePickGradient(name, node.Title, isLast));
        selection.LaunchForEach(kernel, CudaCount.OfSamples(shape.Size),
            [selection.Of(node.Input), .. CudaSelection.LengthsOf(shape), selection.Of(node.Output)]);
    }
}

/// <summary>The same from one of all positions.</summary>
internal sealed class ReducePositionsGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        TensorShape shape = node.Output!.Shape;
        ReduceFunction function = ((ReducePositionsGradientOp)node.Op).Function;
        CudaKernel kernel = selection.Kernel(node, (node.Op, shape.Dimensions), EachElementKernel.Threads,
            name => new PositionsKernel(shape.Channels, shape.Size / shape.Channels).WriteReduceGradient(name, node.Title, function));
        selection.LaunchForEach(kernel, CudaCount.OfSamples(shape.Size),
            [.. node.Inputs.Select(selection.Of), .. CudaSelection.LengthsOf(shape), selection.Of(node.Output)]);
    }
}

/// <summary>The gradient of a table that has a row for each position: sums over the samples.</summary>
internal sealed class PositionGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        if (CudaSelection.GradientOf(node, "weight") is not { } weight)
            return;
        // The table may have more rows than there are positions: the others have no gradient.
        int used = node.Input.Shape.Size, all = node.Parameter("weight").Length;
        var sum = new BatchSum(used, 1, 1, IsOutputInnermost: true);
        if (all > used)
            MoveCuda.Clear(selection, node, CudaCount.Of(all), weight);
        BatchSums.Launch(selection, node, sum, "positions", [("gradient", selection.Of(node.Input))], [weight],
            (writer, pointers, sample, output, inner)
                => [writer.Element(pointers[0], BiasSums.Place(writer, sum, sample, output, inner), "dy")]);
    }
}

/// <summary>The gradient of a table: zeros, and of the rows that were looked up the sums of what flows back to them.</summary>
internal sealed class EmbeddingGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (EmbeddingGradientOp)node.Op;
        if (CudaSelection.GradientOf(node, "weight") is not { } weight)
            return;
        Value ints = node.Inputs[0], gradient = node.Inputs[1];
        MoveCuda.Clear(selection, node, CudaCount.Of((long)op.Rows * op.Features), weight);
        CudaArgument[] lengths = CudaSelection.LengthsOf(ints);
        CudaKernel kernel = selection.Kernel(node, (op with { IsShared = false }, lengths.Length), TableGradientKernel.Threads,
            name => new TableGradientKernel(op.Features, op.Length, lengths.Length > 0, op.PaddingRow).WriteEmbedding(
                name, node.Title, op.Scale));
        CudaCount all = CudaCount.OfSamples(op.Length);
        selection.Launch(kernel, new CudaExtent(all, TableGradientKernel.PerBlock), CudaExtent.One,
            [selection.Of(ints), selection.Of(gradient), .. lengths, weight, CudaSelection.Of(all)]);
    }
}

/// <summary>The same of bags, whose rows have one gradient together.</summary>
internal sealed class EmbeddingBagGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (EmbeddingBagGradientOp)node.Op;
        if (CudaSelection.GradientOf(node, "weight") is not { } weight)
            return;
        Value ints = node.Inputs[0], gradient = node.Inputs[node.Inputs.Count - 1];
        MoveCuda.Clear(selection, node, CudaCount.Of((long)op.Rows * op.Features), weight);
        if (op.Mode == BagMode.Max)
        {
            // Each feature has a row of its own.
            CudaKernel maxima = selection.Kernel(node, op with { IsShared = false }, EachElementKernel.Threads,
                name => TableGradientKernel.WriteMaxima(name, node.Title, op.Features));
            selection.LaunchForEach(maxima, CudaCount.OfSamples(op.Features), selection.Of(ints), selection.Of(gradient), weight);
            return;
        }
        CudaArgument[] weights = op.HasWeights ? [selection.Of(node.Inputs[1])] : [], lengths = CudaSelection.LengthsOf(ints);
        CudaKernel kernel = selection.Kernel(node, (op with { IsShared = false }, lengths.Length), TableGradientKernel.Threads,
            name => new TableGradientKernel(op.Features, op.Length, lengths.Length > 0, op.PaddingRow).WriteBag(
                name, node.Title, op.Mode == BagMode.Mean, op.HasWeights));
        CudaCount all = CudaCount.OfSamples(op.Length);
        selection.Launch(kernel, new CudaExtent(all, TableGradientKernel.PerBlock), CudaExtent.One,
            [selection.Of(ints), selection.Of(gradient), .. weights, .. lengths, weight, CudaSelection.Of(all)]);
    }
}

/// <summary>The gradients of a bag's weights: of each int the product of its row with what flows back.</summary>
internal sealed class EmbeddingBagWeightGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (EmbeddingBagWeightGradientOp)node.Op;
        Value ints = node.Inputs[0];
        CudaArgument[] lengths = CudaSelection.LengthsOf(ints);
        RowTeam team = RowTeam.For(op.Features);
        CudaKernel kernel = selection.Kernel(node, (op, lengths.Length), team.Threads,
            name => new TableGradientKernel(op.Features, op.Length, lengths.Length > 0, op.PaddingRow).WriteWeights(
                name, node.Title, team));
        selection.LaunchForRows(kernel, team, CudaCount.OfSamples(op.Length),
        [
            selection.Of(ints), selection.Of(node.Inputs[1]), .. CudaSelection.Of(node, "weight"), .. lengths, selection.Of(node.Output!),
        ]);
    }
}
