using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>The steps of a recurrent layer: a block for each sample.</summary>
internal sealed class RecurrentCuda : CudaOp
{
    public override string? Refuse(Node node)
        => Kernel(node).Fits ? null : "has more units than the shared memory of a block holds";

    public override void Select(CudaSelection selection, Node node)
    {
        var op = (RecurrentOp)node.Op;
        RecurrentKernel steps = Kernel(node);
        CudaArgument[] bias = CudaSelection.Of(node, "bias"), lengths = CudaSelection.LengthsOf(node.Input);
        CudaKernel kernel = selection.Kernel(node, (op, node.Input.Shape.Channels, bias.Length, lengths.Length), steps.Threads,
            name => steps.Write(name, node.Title));
        CudaArgument[] ports = [.. new[] { op.CellPort, op.PreviousPort, op.GatePort, op.UnitPort }.OfType<int>()
            .Select(port => selection.Of(node.Outputs[port]))];
        selection.Launch(kernel, new CudaExtent(CudaCount.OfSamples(1), 1), CudaExtent.One,
        [
            .. node.Inputs.Select(selection.Of), .. lengths, .. CudaSelection.Of(node, "weight"), .. bias,
            .. CudaSelection.Of(node, RecurrentOp.ProjectionSlot), selection.Of(node.Output!), .. ports,
        ]);
    }

    private static RecurrentKernel Kernel(Node node) => new(
        (RecurrentOp)node.Op, node.Input.Shape.Channels, node.OptionalParameter("bias") is not null, node.Input.Shape.HasLengths);
}

/// <summary>The steps of a GRU that looks at a memory: a block for each sample.</summary>
internal sealed class AttentionRecurrentCuda : CudaOp
{
    public override string? Refuse(Node node)
        => Kernel(node).Fits ? null : "has more units and positions of a memory than the shared memory of a block holds";

    public override void Select(CudaSelection selection, Node node)
    {
        var op = (AttentionRecurrentOp)node.Op;
        Value memory = node.Inputs[2];
        CudaArgument[] bias = CudaSelection.Of(node, "bias"), lengths = CudaSelection.LengthsOf(node.Input),
            memoryLengths = CudaSelection.LengthsOf(memory);
        object key = (op, node.Input.Shape.Channels, bias.Length, lengths.Length, memoryLengths.Length);
        CudaKernel kernel = selection.Kernel(node, key, AttentionRecurrentKernel.Threads, name => Kernel(node).Write(name, node.Title));
        selection.Launch(kernel, new CudaExtent(CudaCount.OfSamples(1), 1), CudaExtent.One,
        [
            .. node.Inputs.Select(selection.Of), .. lengths, .. memoryLengths, .. CudaSelection.Of(node, "weight"), .. bias,
            .. CudaSelection.Of(node, AttentionRecurrentOp.ContextSlot), .. CudaSelection.Of(node, AttentionRecurrentOp.QuerySlot),
            .. CudaSelection.Of(node, AttentionRecurrentOp.ScoreSlot), .. node.Outputs.Select(selection.Of),
        ]);
    }

    private static AttentionRecurrentKernel Kernel(Node node) => new((AttentionRecurrentOp)node.Op, node.Input.Shape.Channels,
        node.OptionalParameter("bias") is not null, node.Input.Shape.HasLengths, node.Inputs[2].Shape.HasLengths);
}
