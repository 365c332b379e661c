using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>Rows of a table by ints, which the caller has checked: a thread for each number.</summary>
internal sealed class EmbeddingCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (EmbeddingOp)node.Op;
        if (op is { Renormalizes: true, MaxNorm: { } most })
        {
            CudaArgument[] lengths = CudaSelection.LengthsOf(node.Input), table = CudaSelection.Of(node, "weight");
            var rows = new TableGradientKernel(op.Features, op.Length, lengths.Length > 0, padding: null);
            CudaCount all = CudaCount.OfSamples(op.Length);
            CudaKernel factors = selection.Kernel(node, ("factors", op.Features, most), EachElementKernel.Threads,
                name => rows.WriteFactors(name, $"{node.Title}: what rows that are looked up are multiplied by.", most), "Factors");
            CudaArgument scratch = selection.ScratchOf(all);
            selection.LaunchForEach(factors, all, [selection.Of(node.Input), .. table, scratch]);
            CudaKernel bound = selection.Kernel(node, ("bound", op.Features, op.Length, lengths.Length), TableGradientKernel.Threads,
                name => rows.WriteBound(name, $"{node.Title}: rows that are looked up are scaled down in the table."), "Bound");
            selection.Launch(bound, new CudaExtent(all, TableGradientKernel.PerBlock), CudaExtent.One,
                [selection.Of(node.Input), .. lengths, scratch, .. table, CudaSelection.Of(all)]);
        }
        CudaKernel kernel = selection.Kernel(node, op, EachElementKernel.Threads,
            name => TableKernels.WriteEmbedding(name, node.Title, op));
        selection.LaunchForEach(kernel, CudaCount.OfSamples(node.Output!.Shape.Size),
            [selection.Of(node.Input), .. CudaSelection.Of(node, "weight"), selection.Of(node.Output)]);
    }
}

/// <summary>Mean, sum or maximum of the rows of a sample's ints: a thread for each number.</summary>
internal sealed class EmbeddingBagCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (EmbeddingBagOp)node.Op;
        CudaArgument[] lengths = CudaSelection.LengthsOf(node.Input), weights = op.HasWeights ? [selection.Of(node.Inputs[1])] : [];
        CudaArgument[] rows = op.KeepsRows && selection.IsTraining ? [selection.Of(node.Outputs[1])] : [];
        CudaKernel kernel = selection.Kernel(node, (op, lengths.Length), EachElementKernel.Threads,
            name => TableKernels.WriteBag(name, node.Title, op, lengths.Length > 0, rows.Length > 0));
        selection.LaunchForEach(kernel, CudaCount.OfSamples(node.Output!.Shape.Size),
            [selection.Of(node.Input), .. CudaSelection.Of(node, "weight"), .. weights, .. lengths, .. rows, selection.Of(node.Output)]);
    }
}

/// <summary>Adds to each position what belongs to it.</summary>
internal sealed class PositionCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        TensorShape shape = node.Input.Shape;
        int positions = shape.Channels, features = shape.Width;
        CudaArgument[] table = ((PositionOp)node.Op).IsLearned ? CudaSelection.Of(node, "weight")
            : [selection.Of(new CudaConstant.SinusoidTable(positions, features))];
        CudaKernel kernel = selection.Kernel(node, ("positions", positions, features), EachElementKernel.Threads,
            name => TableKernels.WritePositions(name, node.Title, positions, features));
        selection.LaunchForEach(kernel, CudaCount.OfSamples(shape.Size), [selection.Of(node.Input), .. table, selection.Of(node.Output!)]);
    }
}

/// <summary>Turns pairs of features by angles that grow with the position.</summary>
internal sealed class RotaryCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (RotaryOp)node.Op;
        int positions = node.Input.Shape.Channels;
        var table = new CudaConstant.RotaryTable(positions, op.HeadSize / 2, op.Base, op.Scaling);
        CudaKernel kernel = selection.Kernel(node, (op.Heads, op.HeadSize, op.Interleaved, op.IsGradient, positions),
            EachElementKernel.Threads,
            name => TableKernels.WriteRotary(name, node.Title, op, positions));
        selection.LaunchForEach(kernel, CudaCount.OfSamples(node.Input.Shape.Size),
            selection.Of(node.Input), selection.Of(table), selection.Of(node.Output!));
    }
}

/// <summary>The first or last position of samples of different lengths: a thread for each feature.</summary>
internal sealed class PickPositionCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        TensorShape shape = node.Input.Shape;
        bool isLast = ((PickPositionOp)node.Op).IsLast;
        int features = shape.Size / shape.Channels;
        CudaKernel kernel = selection.Kernel(node, (node.Op, shape.Dimensions), EachElementKernel.Threads,
            name => new PositionsKernel(shape.Channels, features).WritePick(name, node.Title, isLast));
        selection.LaunchForEach(kernel, CudaCount.OfSamples(features),
            [selection.Of(node.Input), .. CudaSelection.LengthsOf(node.Input), selection.Of(node.Output!)]);
    }
}

/// <summary>One of all positions of samples of different lengths: a thread for each feature.</summary>
internal sealed class ReducePositionsCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        TensorShape shape = node.Input.Shape;
        int features = shape.Size / shape.Channels;
        CudaKernel kernel = selection.Kernel(node, (node.Op, shape.Dimensions), EachElementKernel.Threads, name =>
            new PositionsKernel(shape.Channels, features).WriteReduce(name, node.Title, ((ReducePositionsOp)node.Op).Function));
        selection.LaunchForEach(kernel, CudaCount.OfSamples(features),
            [selection.Of(node.Input), .. CudaSelection.LengthsOf(node.Input), selection.Of(node.Output!)]);
    }
}
