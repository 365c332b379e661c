using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>Back through the steps of a recurrent layer: a block for each sample.</summary>
internal sealed class RecurrentGradientCuda : CudaOp
{
    public override string? Refuse(Node node)
        => Kernel(node).Fits ? null : "has more units than the shared memory of a block holds";

    public override void Select(CudaSelection selection, Node node)
    {
        CudaArgument[] lengths = CudaSelection.LengthsOf(node.Output!);
        RecurrentGradientKernel steps = Kernel(node);
        CudaKernel kernel = selection.Kernel(node, (node.Op, node.Output!.Shape.Channels, lengths.Length), steps.Threads,
            name => steps.Write(name, node.Title));
        selection.Launch(kernel, new CudaExtent(CudaCount.OfSamples(1), 1), CudaExtent.One,
        [
            .. node.Inputs.Select(selection.Of), .. lengths, .. CudaSelection.Of(node, "weight"),
            .. CudaSelection.Of(node, RecurrentOp.ProjectionSlot), .. node.Outputs.Select(selection.Of),
        ]);
    }

    private static RecurrentGradientKernel Kernel(Node node)
        => new((RecurrentGradientOp)node.Op, node.Output!.Shape.Channels, node.Output.Shape.HasLengths);
}
