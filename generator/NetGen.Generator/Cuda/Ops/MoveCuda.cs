using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>Elements in other places: a thread for each; zeros before, where none arrives.</summary>
internal sealed class MoveCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node) => Select(selection, node, (MoveOp)node.Op);

    public static void Select(CudaSelection selection, Node node, MoveOp op)
    {
        TensorShape input = node.Input.Shape, output = node.Output!.Shape;
        if (op.KeepsPlaces && op.Elements == output.Size && input.Dimensions.Equals(output.Dimensions))
        {
            selection.Alias(node.Output, node.Input);
            return;
        }
        if (op.Elements < output.Size)
            Clear(selection, node, node.Output);
        Launch(selection, node, op, node.Input);
    }

    /// <summary>Zeros in all of a value.</summary>
    public static void Clear(CudaSelection selection, Node node, Value value)
        => Clear(selection, node, CudaCount.OfSamples(value.Shape.Size), selection.Of(value));

    /// <summary>Zeros in a stretch of memory.</summary>
    public static void Clear(CudaSelection selection, Node node, CudaCount count, CudaArgument memory)
    {
        CudaKernel zeros = selection.Kernel(node, "zeros", EachElementKernel.Threads,
            name => EachElementKernel.WriteZeros(name, "Zeros."), "Zeros");
        selection.LaunchForEach(zeros, count, memory);
    }

    public static void Launch(CudaSelection selection, Node node, MoveOp op, Value input)
    {
        TensorShape from = input.Shape, to = node.Output!.Shape;
        object key = (op with { GradientOf = null }, from.Dimensions, to.Dimensions);
        CudaKernel kernel = selection.Kernel(node, key, EachElementKernel.Threads,
            name => MoveKernel.Write(name, node.Title, op, [.. from.Dimensions], [.. to.Dimensions]));
        selection.LaunchForEach(kernel, CudaCount.OfSamples(op.Elements), selection.Of(input), selection.Of(node.Output));
    }
}

/// <summary>Values one behind the other: each moves to its stretch.</summary>
internal sealed class ConcatCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        int axis = ((ConcatOp)node.Op).Axis, start = 0;
        foreach (Value input in node.Inputs)
        {
            MoveCuda.Launch(selection, node, MoveOp.Into(input.Shape, axis, start), input);
            start += input.Shape.Dimensions[axis];
        }
    }
}

/// <summary>Channels at other places: with their pixels they move as elements do.</summary>
internal sealed class ChannelMapCuda : CudaOp
{
    public override string? Refuse(Node node)
        => node.OptionalParameter("bias") is null ? null : "adds a bias to channels that move, which only the CPU's passes ask for";

    public override void Select(CudaSelection selection, Node node)
    {
        ChannelMap map = ((ChannelMapOp)node.Op).Map;
        int[] starts = new int[node.Input.Shape.Rank];
        MoveLoop[] loops =
        [
            new MoveLoop(map.Outer, 0, map.SourceOuter, 0, map.TargetOuter),
            new MoveLoop(map.Inner, 0, map.SourceInner, 0, map.TargetInner),
            .. node.Input.Shape.Dimensions.Skip(1).Select((extent, i) => new MoveLoop(extent, i + 1, 1, i + 1, 1)),
        ];
        MoveCuda.Select(selection, node, MoveOp.Of(loops, starts, starts));
    }
}
