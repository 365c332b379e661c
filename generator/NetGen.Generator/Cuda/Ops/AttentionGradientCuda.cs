using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>The gradients of queries, keys and values: a warp for each query, then one for each key.</summary>
internal sealed class AttentionGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        AttentionOp op = ((AttentionGradientOp)node.Op).Forward;
        AttentionSaved saved = new(selection, op, node);
        var gradient = new AttentionGradientKernel(saved.Shapes);
        (Value ofQuery, Value ofKey, Value ofValue) = AttentionOp.Three(node.Outputs);
        CudaKernel queries = selection.Kernel(node, ("queries", saved.Shapes.Identity), AttentionGradientKernel.Team.Threads,
            name => gradient.WriteQueries(name, $"{node.Title}: gradients of the queries."), "Queries");
        CudaKernel keys = selection.Kernel(node, ("keys", saved.Shapes.Identity), AttentionGradientKernel.Team.Threads,
            name => gradient.WriteKeys(name, $"{node.Title}: gradients of keys and values."), "Keys");
        selection.LaunchForRows(queries, AttentionGradientKernel.Team, CudaCount.OfSamples(gradient.QueryRows),
            [.. saved.Arguments, saved.Means, selection.Of(ofQuery)]);
        selection.LaunchForRows(keys, AttentionGradientKernel.Team, CudaCount.OfSamples(gradient.KeyRows),
            [.. saved.Arguments, saved.Means, selection.Of(ofKey), selection.Of(ofValue)]);
    }
}

/// <summary>The gradient of what is added to the scores: first the means of each query, then an element each.</summary>
internal sealed class AttentionMaskGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        AttentionOp op = ((AttentionMaskGradientOp)node.Op).Forward;
        AttentionSaved saved = new(selection, op, node);
        var ofQueries = new AttentionGradientKernel(saved.Shapes);
        var gradient = new AttentionMaskGradientKernel(saved.Shapes);
        CudaKernel means = selection.Kernel(node, ("means", saved.Shapes.Identity), AttentionGradientKernel.Team.Threads,
            name => ofQueries.WriteMeans(name, $"{node.Title}: means of the gradients of each query's probabilities."), "Means");
        CudaKernel elements = selection.Kernel(node, ("mask", saved.Shapes.Identity), gradient.Threads,
            name => gradient.Write(name, $"{node.Title}: gradient of the mask."));
        selection.LaunchForRows(
            means, AttentionGradientKernel.Team, CudaCount.OfSamples(ofQueries.QueryRows), [.. saved.Arguments, saved.Means]);
        CudaCount count = CudaCount.OfSamples(node.Output!.Shape.Size);
        selection.Launch(elements, new CudaExtent(count, gradient.PerBlock), CudaExtent.One,
            [.. saved.Arguments, saved.Means, selection.Of(node.Output), CudaSelection.Of(count)]);
    }
}

/// <summary>What a gradient of attention reads: the output's gradient, then what the forward pass read and kept.</summary>
internal sealed class AttentionSaved
{
    public AttentionSaved(CudaSelection selection, AttentionOp op, Node node)
    {
        int kept = op.Drops ? 2 : 1;
        List<Value> read = node.Inputs.GetRange(1, node.Inputs.Count - 1 - kept);
        Shapes = AttentionShapes.Of(op, read);
        CudaArgument[] drawn = op.Drops ? [selection.Of(node.Inputs[node.Inputs.Count - 1]), AttentionCuda.Stream(op)] : [];
        Arguments =
        [
            .. AttentionCuda.Operands(selection, op, read), selection.Of(node.Input), selection.Of(node.Inputs[node.Inputs.Count - kept]),
            .. drawn,
        ];
        Means = selection.ScratchOf(CudaCount.OfSamples(op.Heads * Shapes.Queries));
    }

    public AttentionShapes Shapes { get; }

    /// <summary>What all kernels read first.</summary>
    public CudaArgument[] Arguments { get; }

    /// <summary>A number for each query of each head.</summary>
    public CudaArgument Means { get; }
}
