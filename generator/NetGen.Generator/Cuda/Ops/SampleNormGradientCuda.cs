using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>What flows back through a normalisation within samples: a team for each set of elements.</summary>
internal sealed class SampleNormGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (SampleNormGradientOp)node.Op;
        var norm = new NormKernel(op.Sets);
        CudaKernel kernel = selection.Kernel(node, op, norm.Team.Threads, name => norm.WriteGradient(name, node.Title));
        selection.LaunchForRows(kernel, norm.Team, CudaCount.OfSamples(norm.Sets),
        [
            selection.Of(node.Inputs[0]), selection.Of(node.Inputs[1]),
            selection.Of(selection.Kept(node.Forward!, norm.Sets * NormKernel.Kept)), .. CudaSelection.Of(node, "weight"),
            selection.Of(node.Output!),
        ]);
    }
}

/// <summary>The gradients of its weight and bias: sums over the elements that each belongs to.</summary>
internal sealed class SampleNormParameterGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        NormSets sets = ((SampleNormParameterGradientOp)node.Op).Sets;
        if (CudaSelection.GradientOf(node, "weight") is not { } weight)
            return;
        var norm = new NormKernel(sets);
        int outputs = node.Parameter("weight").Length, inner = sets.Shape.Size / outputs;
        CudaArgument[] bias = CudaSelection.GradientOf(node, "bias") is { } ofBias ? [ofBias] : [];
        var sum = new BatchSum(outputs, inner, 1 + bias.Length,
            IsOutputInnermost: sets.Affine != NormAffine.Channel || inner == 1);
        BatchSums.Launch(selection, node, sum, sets,
        [
            ("gradient", selection.Of(node.Inputs[0])), ("input", selection.Of(node.Inputs[1])),
            ("kept", selection.Of(selection.Kept(node.Forward!, norm.Sets * NormKernel.Kept))),
        ], [weight, .. bias], (writer, pointers, sample, output, own) =>
        {
            PtxInt place = BiasSums.Place(writer, sum, sample, output, own);
            PtxFloat dy = writer.Element(pointers[0], place, "dy");
            (PtxFloat mean, PtxFloat left, PtxFloat inverse) = NormKernel.Numbers(writer, pointers[2], norm.SetOf(writer, place));
            PtxFloat normal = norm.Normal(writer, writer.Element(pointers[1], place, "x"), mean, left, inverse);
            PtxFloat product = writer.Multiply(dy, normal, "product");
            return bias.Length > 0 ? [product, dy] : [product];
        });
    }
}
