using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>One element of many along dimensions: a team for each.</summary>
internal sealed class ReduceCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (ReduceOp)node.Op;
        Select(selection, node, [.. node.Input.Shape.Dimensions], [.. node.Output!.Shape.Dimensions], op.Function, op.Correction);
    }

    public static void Select(
        CudaSelection selection, Node node, int[] input, int[] output, ReduceFunction function, int correction)
    {
        var reduction = new ReduceKernel(input, output);
        CudaKernel kernel = selection.Kernel(node, ("reduce", function, correction, input.ToEquatableArray(), output.ToEquatableArray()),
            reduction.Team.Threads, name => reduction.Write(name, node.Title, function, correction));
        selection.LaunchForRows(kernel, reduction.Team, CudaCount.OfSamples(output.Aggregate(1, (product, extent) => product * extent)),
            selection.Of(node.Input), selection.Of(node.Output!));
    }
}

/// <summary>Vectors along a dimension divided by their norms: a team for each.</summary>
internal sealed class NormalizeCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (NormalizeOp)node.Op;
        int[] input = [.. node.Input.Shape.Dimensions], norms = [.. input.Select((extent, axis) => axis == op.Axis ? 1 : extent)];
        var reduction = new ReduceKernel(input, norms);
        CudaKernel kernel = selection.Kernel(node, (op, input.ToEquatableArray()), reduction.Team.Threads,
            name => reduction.WriteNormalize(name, node.Title, op.Eps));
        selection.LaunchForRows(kernel, reduction.Team, CudaCount.OfSamples(norms.Aggregate(1, (product, extent) => product * extent)),
            selection.Of(node.Input), selection.Of(node.Output!));
    }
}

/// <summary>A normalisation within samples: a team for each set of elements.</summary>
internal sealed class SampleNormCuda : CudaOp
{
    public override string? Refuse(Node node) => CudaActivations.Refuse(((SampleNormOp)node.Op).Activation);

    public override void Select(CudaSelection selection, Node node)
    {
        var op = (SampleNormOp)node.Op;
        var norm = new NormKernel(op.Sets);
        bool keeps = selection.IsTraining;
        CudaKernel kernel = selection.Kernel(node, op, norm.Team.Threads,
            name => norm.Write(name, node.Title, CudaActivations.Epilogue(op.Activation), keeps));
        CudaArgument[] kept = keeps ? [selection.Of(selection.Kept(node, norm.Sets * NormKernel.Kept))] : [];
        selection.LaunchForRows(kernel, norm.Team, CudaCount.OfSamples(norm.Sets),
        [
            selection.Of(node.Input), .. CudaSelection.Of(node, "weight"), .. CudaSelection.Of(node, "bias"), .. kept,
            selection.Of(node.Output!),
        ]);
    }
}

/// <summary>The cosine of the angle between two vectors: a team for each pair.</summary>
internal sealed class CosineSimilarityCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        int features = node.Input.Shape.Size;
        RowTeam team = RowTeam.For(features);
        CudaKernel kernel = selection.Kernel(node, (node.Op, features), team.Threads,
            name => CosineKernel.Write(name, node.Title, features, ((CosineSimilarityOp)node.Op).Eps));
        selection.LaunchForRows(kernel, team, CudaCount.OfSamples(1),
            selection.Of(node.Inputs[0]), selection.Of(node.Inputs[1]), selection.Of(node.Output!));
    }
}
