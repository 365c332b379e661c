using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>exp(x) over the sum of all, of vectors.</summary>
internal sealed class SoftmaxCuda : CudaOp
{
    public override string? Refuse(Node node) => RowOps.Refuse(node);

    public override void Select(CudaSelection selection, Node node) => RowOps.Select(selection, node, isLogarithm: false);
}

/// <summary>x minus the logarithm of the sum of all exp(x), of vectors.</summary>
internal sealed class LogSoftmaxCuda : CudaOp
{
    public override string? Refuse(Node node) => RowOps.Refuse(node);

    public override void Select(CudaSelection selection, Node node) => RowOps.Select(selection, node, isLogarithm: true);
}

/// <summary>What flows back through exp(x) over the sum of all: a team for each row.</summary>
internal sealed class SoftmaxGradientCuda : CudaOp
{
    public override string? Refuse(Node node) => RowOps.Refuse(node);

    public override void Select(CudaSelection selection, Node node) => RowOps.SelectGradient(selection, node, isLogarithm: false);
}

/// <summary>The same of the logarithm.</summary>
internal sealed class LogSoftmaxGradientCuda : CudaOp
{
    public override string? Refuse(Node node) => RowOps.Refuse(node);

    public override void Select(CudaSelection selection, Node node) => RowOps.SelectGradient(selection, node, isLogarithm: true);
}

/// <summary>The same over the positions of sequences: a thread for each feature of a sample.</summary>
internal sealed class SoftmaxPositionsCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node) => Select(selection, node, (kernel, name, hasLengths)
        => kernel.WriteSoftmax(name, node.Title, hasLengths));

    /// <param name="write">The kernel's text, from its name and whether samples bring lengths.</param>
    public static void Select(CudaSelection selection, Node node, Func<PositionsKernel, string, bool, string> write)
    {
        TensorShape shape = node.Output!.Shape;
        CudaArgument[] lengths = CudaSelection.LengthsOf(shape);
        CudaKernel kernel = selection.Kernel(node, (node.Op, shape.Dimensions, lengths.Length), EachElementKernel.Threads,
            name => write(new PositionsKernel(shape.Channels, shape.Width), name, lengths.Length > 0));
        selection.LaunchForEach(kernel, CudaCount.OfSamples(shape.Width),
            [.. node.Inputs.Select(selection.Of), .. lengths, selection.Of(node.Output)]);
    }
}

/// <summary>What flows back through that.</summary>
internal sealed class SoftmaxPositionsGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node) => SoftmaxPositionsCuda.Select(selection, node,
        (kernel, name, hasLengths) => kernel.WriteSoftmaxGradient(name, node.Title, hasLengths));
}

/// <summary>What both have in common.</summary>
internal static class RowOps
{
    public static string? Refuse(Node node) => node.Output!.Shape.IsVector ? null : "is not of vectors, which GPUs have no kernel for yet";

    public static void Select(CudaSelection selection, Node node, bool isLogarithm)
    {
        int features = node.Output!.Shape.Features;
        CudaKernel kernel = selection.Kernel(node, (node.Op, features), SoftmaxKernel.Threads,
            name => SoftmaxKernel.Write(name, node.Title, features, isLogarithm));
        CudaCount rows = CudaCount.OfSamples(1);
        selection.Launch(kernel, new CudaExtent(rows, SoftmaxKernel.Threads / 32), CudaExtent.One,
            selection.Of(node.Input), selection.Of(node.Output!), CudaSelection.Of(rows));
    }

    public static void SelectGradient(CudaSelection selection, Node node, bool isLogarithm)
    {
        int features = node.Output!.Shape.Features;
        RowTeam team = RowTeam.For(features);
        CudaKernel kernel = selection.Kernel(node, (node.Op, features), team.Threads,
            name => SoftmaxKernel.WriteGradient(name, node.Title, features, isLogarithm));
        selection.LaunchForRows(kernel, team, CudaCount.OfSamples(1), [.. node.Inputs.Select(selection.Of), selection.Of(node.Output)]);
    }
}
