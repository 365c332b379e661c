using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>Attention: a warp for each query of each head.</summary>
internal sealed class AttentionCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (AttentionOp)node.Op;
        AttentionShapes shapes = AttentionShapes.Of(op, node.Inputs);
        CudaArgument[] statistics = [.. node.Outputs.Skip(1).Take(1).Select(selection.Of)];
        CudaArgument[] drawn = op.Drops ? [new CudaArgument.OfRandom(), Stream(op), selection.Of(node.Outputs[2])] : [];
        var attention = new AttentionKernel(shapes, statistics.Length > 0);
        CudaKernel kernel = selection.Kernel(node, (shapes.Identity, statistics.Length), AttentionKernel.Team.Threads,
            name => attention.Write(name, node.Title));
        selection.LaunchForRows(kernel, AttentionKernel.Team, CudaCount.OfSamples(attention.Rows),
            [.. Operands(selection, op, node.Inputs), .. statistics, .. drawn, selection.Of(node.Output!)]);
    }

    /// <summary>Which sequence of the generator a layer draws from: an argument, so that layers can share a kernel.</summary>
    public static CudaArgument Stream(AttentionOp op) => CudaSelection.Of(CudaCount.Of(op.Stream));

    /// <summary>What all kernels read first.</summary>
    /// <param name="inputs">Of the forward op, its mask included.</param>
    public static CudaArgument[] Operands(CudaSelection selection, AttentionOp op, List<Value> inputs)
    {
        (Value query, Value key, Value value) = AttentionOp.Three(op.Operands(inputs));
        CudaArgument[] mask = op.MaskOf(inputs) is { } added ? [selection.Of(added)] : [];
        return [selection.Of(query), selection.Of(key), selection.Of(value), .. mask, .. CudaSelection.LengthsOf(query),
            .. CudaSelection.LengthsOf(key)];
    }
}
