using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>Attention: a warp for each query of each head.</summary>
internal sealed class AttentionCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        // Dropout is of training.
        AttentionOp op = (AttentionOp)node.Op with { Dropout = 0, Stream = 0 };
        (Value query, Value key, Value value) = AttentionOp.Three(op.Operands(node.Inputs));
        Value? mask = op.MaskOf(node.Inputs);
        var attention = new AttentionKernel(op, query.Shape, key.Shape, value.Shape, mask?.Shape);
        object shapes = (query.Shape.Dimensions, key.Shape.Dimensions, value.Shape.Dimensions, key.Shape.HasLengths);
        CudaKernel kernel = selection.Kernel(node, (op, shapes), AttentionKernel.Team.Threads, name => attention.Write(
            name, node.Title, AttentionOp.AlibiSlopes(op.Heads).Select(slope => (float)slope)));
        CudaArgument[] masks = mask is null ? [] : [selection.Of(mask)];
        selection.LaunchForRows(kernel, AttentionKernel.Team, CudaCount.OfSamples(attention.Rows),
            [selection.Of(query), selection.Of(key), selection.Of(value), .. masks, .. CudaSelection.LengthsOf(key),
                selection.Of(node.Output!)]);
    }
}
