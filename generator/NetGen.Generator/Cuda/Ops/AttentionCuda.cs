using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Ops;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>Attention: a warp for each query of each head.</summary>
internal sealed class AttentionCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        // Dropout is of training.
        AttentionOp op = (AttentionOp)node.Op with { Dropout = 0, Stream = 0 };
        (Value query, Value key, Value value) = AttentionCpu.Operands(op.Operands(node.Inputs));
        Value? mask = AttentionCpu.MaskOf(op, node.Inputs);
        var attention = new Kernels.AttentionKernel(op, query.Shape, key.Shape, value.Shape, mask?.Shape);
        object shapes = (query.Shape.Dimensions, key.Shape.Dimensions, value.Shape.Dimensions, key.Shape.HasLengths);
        CudaKernel kernel = selection.Kernel(node, (op, shapes), Kernels.AttentionKernel.Team.Threads, name => attention.Write(
            name, node.Title, AttentionOptionCode.AlibiSlopes(op.Heads).Select(slope => (float)slope)));
        CudaArgument[] masks = mask is null ? [] : [selection.Of(mask)];
        selection.LaunchForRows(kernel, Kernels.AttentionKernel.Team, CudaCount.OfSamples(attention.Rows),
            [selection.Of(query), selection.Of(key), selection.Of(value), .. masks, .. CudaSelection.LengthsOf(key),
                selection.Of(node.Output!)]);
    }
}
