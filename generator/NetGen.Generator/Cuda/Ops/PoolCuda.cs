using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>Maximum or average over windows: a thread for each of them, or a team where the one window is a whole plane.</summary>
internal sealed class PoolCuda : CudaOp
{
    /// <summary>Elements of a window from which it takes a team.</summary>
    private const int Many = 64;

    public override void Select(CudaSelection selection, Node node)
    {
        PoolWindows windows = ((PoolOp)node.Op).Windows;
        int size = windows.Rows.Size * windows.Columns.Size;
        if (windows.IsGlobal && size >= Many && (windows.IsMax || windows.Divisor is null or 1))
        {
            int planes = node.Output!.Shape.Size;
            ReduceFunction function = windows.IsMax ? ReduceFunction.Amax : windows.Divisor == 1 ? ReduceFunction.Sum : ReduceFunction.Mean;
            ReduceCuda.Select(selection, node, [planes, size], [planes, 1], function, 0);
            return;
        }
        CudaKernel kernel = selection.Kernel(node, windows, EachElementKernel.Threads, name => PoolKernel.Write(name, node.Title, windows));
        selection.LaunchForEach(kernel, CudaCount.OfSamples(node.Output!.Shape.Size), selection.Of(node.Input), selection.Of(node.Output!));
    }
}

/// <summary>Values back to where a pooling's maxima came from: a thread for each pixel.</summary>
internal sealed class MaxUnpoolCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        PoolWindows windows = ((MaxUnpoolOp)node.Op).Pool;
        CudaKernel kernel = selection.Kernel(node, node.Op, EachElementKernel.Threads,
            name => new UnpoolKernel(windows).Write(name, node.Title));
        selection.LaunchForEach(kernel, CudaCount.OfSamples(node.Output!.Shape.Size),
            [.. node.Inputs.Select(selection.Of), selection.Of(node.Output!)]);
    }
}
