using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Functions;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>Input times random factors, which are kept: a thread for each element. Elements are numbered in PyTorch's order.</summary>
internal sealed class DropoutCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (DropoutOp)node.Op;
        Dropouts.Draw(selection, node, op.Probability, op.Stream, op.Channelwise);
        Dropouts.Multiply(selection, node, node.Input, node.Outputs[1], op.Channelwise,
            (writer, x, factor) => writer.Multiply(x, factor, "y"), "dropout");
    }
}

/// <summary>The output's gradient times the factors.</summary>
internal sealed class DropoutGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
        => Dropouts.Multiply(selection, node, node.Input, node.Inputs[1], ((DropoutGradientOp)node.Op).Channelwise,
            (writer, x, factor) => writer.Multiply(x, factor, "y"), "dropout");
}

/// <summary>The same for SELU's networks.</summary>
internal sealed class AlphaDropoutCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (AlphaDropoutOp)node.Op;
        Dropouts.Draw(selection, node, op.Probability, op.Stream, isChannelwise: false);
        Dropouts.Multiply(selection, node, node.Input, node.Outputs[1], isChannelwise: false, (writer, x, factor) =>
            new PtxCode(writer).With("x", x).With("s", factor).Float(AlphaDropoutFunction.Apply(ElementValue.Named("x"),
                ElementValue.Named("s"), (float)op.Scale, (float)op.DroppedScale, (float)op.Shift), "y"), op with { Stream = 0 });
    }
}

/// <inheritdoc cref="DropoutGradientCuda"/>
internal sealed class AlphaDropoutGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (AlphaDropoutGradientOp)node.Op;
        Dropouts.Multiply(selection, node, node.Input, node.Inputs[1], isChannelwise: false, (writer, x, factor) =>
            new PtxCode(writer).With("x", x).With("s", factor).Float(AlphaDropoutFunction.Derivative(ElementValue.Named("x"),
                ElementValue.Named("s"), (float)op.Scale), "y"), op);
    }
}

/// <summary>What they have in common.</summary>
internal static class Dropouts
{
    /// <summary>Draws the factors of a node, its port 1.</summary>
    public static void Draw(CudaSelection selection, Node node, float probability, int stream, bool isChannelwise)
    {
        TensorShape shape = node.Input.Shape;
        int factors = isChannelwise ? shape.Channels : shape.Size;
        CudaKernel kernel = selection.Kernel(node, ("draw", probability, factors), EachElementKernel.Threads,
            name => EachElementKernel.Write(name, $"{node.Title}: draws the factors.", ["random"], (writer, pointers, element) =>
            {
                PtxInt ofLayer = writer.Count("stream");
                (PtxInt sample, PtxInt own) = writer.Divide(element, factors, "sample", "own");
                return PtxPhilox.Factor(writer, pointers[0], own, sample, ofLayer, probability);
            }), "Draw");
        CudaCount count = CudaCount.OfSamples(factors);
        selection.Launch(kernel, new CudaExtent(count, kernel.Threads), CudaExtent.One, new CudaArgument.OfRandom(),
            selection.Of(node.Outputs[1]), CudaSelection.Of(count), CudaSelection.Of(CudaCount.Of(stream)));
    }

    /// <param name="key">All that the function depends on.</param>
    public static void Multiply(CudaSelection selection, Node node, Value input, Value factors, bool isChannelwise,
        Func<PtxWriter, PtxFloat, PtxFloat, PtxFloat> function, object key)
    {
        TensorShape shape = input.Shape;
        int perFactor = isChannelwise ? shape.Size / shape.Channels : 1;
        CudaKernel kernel = selection.Kernel(node, ("dropped", perFactor, key), EachElementKernel.Threads,
            name => EachElementKernel.Write(name, node.Title, ["input", "factors"], (writer, pointers, element) =>
            {
                PtxInt at = perFactor == 1 ? element : writer.Divide(element, perFactor, "channel", "pixel").Quotient;
                return function(writer, writer.Element(pointers[0], element, "x"), writer.Element(pointers[1], at, "factor"));
            }));
        selection.LaunchForEach(kernel, CudaCount.OfSamples(shape.Size), selection.Of(input), selection.Of(factors),
            selection.Of(node.Output!));
    }
}
