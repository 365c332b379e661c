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

/// <summary>What flows back through a pooling: a thread for each pixel, or of a mean over all pixels one number for each plane.</summary>
internal sealed class PoolGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (PoolGradientOp)node.Op;
        (ProductPartner? mask, CudaArgument[] saved) = CudaActivations.Mask(selection, node);
        CudaKernel kernel = selection.Kernel(node, (op.Windows, op.Mask?.Activation), EachElementKernel.Threads,
            name => PoolGradientKernel.Write(name, node.Title, op.Windows, mask));
        Value[] read = op.Windows.IsMax ? [node.Inputs[0], node.Inputs[1], node.Inputs[2]] : [node.Inputs[0]];
        selection.LaunchForEach(kernel, CudaCount.OfSamples(node.Output!.Shape.Size),
            [.. read.Select(selection.Of), .. saved, selection.Of(node.Output)]);
    }
}

/// <summary>The gradients of values that went to where maxima came from: a thread for each.</summary>
internal sealed class MaxUnpoolGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        PoolWindows windows = ((MaxUnpoolGradientOp)node.Op).Pool;
        CudaKernel kernel = selection.Kernel(node, node.Op, EachElementKernel.Threads,
            name => new UnpoolKernel(windows).WriteGradient(name, node.Title));
        selection.LaunchForEach(kernel, CudaCount.OfSamples(node.Output!.Shape.Size),
            [.. node.Inputs.Select(selection.Of), selection.Of(node.Output)]);
    }
}
