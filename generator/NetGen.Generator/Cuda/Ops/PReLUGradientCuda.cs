using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Functions;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>The output's gradient where x is positive, times its channel's slope elsewhere.</summary>
internal sealed class PReLUGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        Value input = node.Inputs[1];
        int channels = ((PReLUGradientOp)node.Op).PerChannel ? input.Shape.Channels : 1, pixels = input.Shape.Size / channels;
        var shape = new ChannelwiseKernel(channels, pixels, 2, 1);
        CudaKernel kernel = selection.Kernel(node, ("prelu gradient", shape), EachElementKernel.Threads, name =>
            shape.Write(name, node.Title,
            (writer, values, slopes) => new PtxCode(writer).With("gradient", values[0]).With("x", values[1]).With("slope", slopes[0])
                .Float(PReLUFunction.Derivative(ElementValue.Named("gradient"), ElementValue.Named("x"), ElementValue.Named("slope")),
                    "dx")));
        selection.LaunchForEach(kernel, CudaCount.OfSamples(input.Shape.Size),
            [.. node.Inputs.Select(selection.Of), .. CudaSelection.Of(node, "weight"), selection.Of(node.Output!)]);
    }
}

/// <summary>The gradients of the slopes: sums over a channel's elements, or over all.</summary>
internal sealed class PReLUWeightGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        if (CudaSelection.GradientOf(node, "weight") is not { } weight)
            return;
        Value input = node.Inputs[1];
        int channels = ((PReLUWeightGradientOp)node.Op).PerChannel ? input.Shape.Channels : 1, pixels = input.Shape.Size / channels;
        var sum = new BatchSum(channels, pixels, 1, IsOutputInnermost: pixels == 1);
        BatchSums.Launch(selection, node, sum, "slopes", [("gradient", selection.Of(node.Inputs[0])), ("input", selection.Of(input))],
            [weight], (writer, pointers, sample, channel, inner) =>
            {
                PtxInt place = BiasSums.Place(writer, sum, sample, channel, inner);
                return
                [
                    new PtxCode(writer).With("gradient", writer.Element(pointers[0], place, "dy"))
                        .With("x", writer.Element(pointers[1], place, "x")).Float(
                            PReLUFunction.SlopeDerivative(ElementValue.Named("gradient"), ElementValue.Named("x")), "term"),
                ];
            });
    }
}

/// <summary>The gradient of a tensor that several layers use: what each gives, added in their order.</summary>
internal sealed class ParameterGradientSumCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        int uses = ((ParameterGradientSumOp)node.Op).Uses;
        ParameterInfo parameter = node.Parameters[0].Parameter;
        CudaArgument[] gradients = [.. Enumerable.Range(0, uses).Select(turn => new CudaArgument.OfGradient(parameter, turn))];
        CudaKernel kernel = selection.Kernel(node, ("sum of gradients", uses), EachElementKernel.Threads, name => EachElementKernel.Write(
            name, $"Adds what {uses} layers give of a gradient.", [.. gradients.Select((_, turn) => $"gradient{turn}")],
            (writer, pointers, element) =>
            {
                PtxFloat total = writer.Element(pointers[0], element, "first");
                foreach (PtxLong further in pointers.Skip(1))
                    total = writer.Add(total, writer.Element(further, element, "next"), "total");
                return total;
            }));
        selection.LaunchForEach(kernel, CudaCount.Of(parameter.Length), [.. gradients, gradients[0]]);
    }
}

/// <summary>No loss is of an output: its gradient is zero.</summary>
internal sealed class ZeroCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node) => MoveCuda.Clear(selection, node, node.Output!);
}
