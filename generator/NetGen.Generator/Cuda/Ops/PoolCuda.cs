using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>Maximum or average over windows: a thread for each of them.</summary>
internal sealed class PoolCuda : CudaOp
{
    public override string? Refuse(Node node)
    {
        PoolWindows windows = ((PoolOp)node.Op).Windows;
        return IsPlain(windows.Rows) && IsPlain(windows.Columns) ? null
            : "has windows of different sizes, which GPUs have no kernel for yet";
    }

    public override void Select(CudaSelection selection, Node node)
    {
        PoolWindows windows = ((PoolOp)node.Op).Windows;
        CudaKernel kernel = selection.Kernel(node, windows, PoolKernel.Threads, name => PoolKernel.Write(name, node.Title, windows));
        CudaCount count = CudaCount.OfSamples(node.Output!.Shape.Size);
        selection.Launch(kernel, new CudaExtent(count, PoolKernel.Threads), CudaExtent.One,
            selection.Of(node.Input), selection.Of(node.Output!), CudaSelection.Of(count));
    }

    private static bool IsPlain(PoolAxis axis) => !axis.IsAdaptive;
}
