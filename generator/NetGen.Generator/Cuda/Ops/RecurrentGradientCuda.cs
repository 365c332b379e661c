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

/// <summary>
/// Back through the steps of a GRU that looks at a memory: a block for each sample, then a thread for each number of keys and memory, which
/// all steps have seen.
/// </summary>
internal sealed class AttentionRecurrentGradientCuda : CudaOp
{
    public override string? Refuse(Node node)
        => Kernel(node).Fits ? null : "has more units and positions of a memory than the shared memory of a block holds";

    public override void Select(CudaSelection selection, Node node)
    {
        var op = (AttentionRecurrentGradientOp)node.Op;
        Value keys = node.Inputs[node.Inputs.Count - 2], memory = node.Inputs[node.Inputs.Count - 1];
        CudaArgument[] lengths = CudaSelection.LengthsOf(node.Output!), memoryLengths = CudaSelection.LengthsOf(memory);
        AttentionRecurrentGradientKernel gradient = Kernel(node);
        object identity = (op, gradient.Positions, lengths.Length, memoryLengths.Length);
        CudaKernel steps = selection.Kernel(node, identity, AttentionRecurrentGradientKernel.Threads,
            name => gradient.WriteSteps(name, node.Title));
        CudaKernel ofKeys = selection.Kernel(node, ("keys", identity), EachElementKernel.Threads,
            name => gradient.WriteKeys(name, $"{node.Title}: gradients of the keys."), "Keys");
        CudaKernel ofMemory = selection.Kernel(node, ("memory", identity), EachElementKernel.Threads,
            name => gradient.WriteMemory(name, $"{node.Title}: gradients of the memory, as far as contexts are of it."), "Memory");
        CudaArgument seen = selection.ScratchOf(CudaCount.OfSamples((long)gradient.Positions * gradient.Seen));
        CudaArgument[] score = CudaSelection.Of(node, AttentionRecurrentOp.ScoreSlot);
        int given = new[] { op.HasStates, op.HasWeights, op.HasContexts }.Count(isGiven => isGiven);
        CudaArgument attention = selection.Of(node.Inputs[given]), queries = selection.Of(node.Inputs[given + (score.Length > 0 ? 3 : 1)]);
        selection.Launch(steps, new CudaExtent(CudaCount.OfSamples(1), 1), CudaExtent.One,
        [
            .. node.Inputs.Select(selection.Of), .. lengths, .. memoryLengths, .. CudaSelection.Of(node, "weight"),
            .. CudaSelection.Of(node, AttentionRecurrentOp.ContextSlot), .. CudaSelection.Of(node, AttentionRecurrentOp.QuerySlot),
            .. score, selection.Of(node.Output!), .. node.Outputs.Skip(3).Select(selection.Of), seen,
        ]);
        CudaArgument[] forScores = score.Length > 0 ? [selection.Of(keys), .. score] : [];
        selection.LaunchForEach(ofKeys, CudaCount.OfSamples(keys.Shape.Size),
            [seen, queries, .. forScores, .. lengths, .. memoryLengths, selection.Of(node.Outputs[1])]);
        selection.LaunchForEach(ofMemory, CudaCount.OfSamples(memory.Shape.Size),
            [seen, attention, .. lengths, selection.Of(node.Outputs[2])]);
    }

    private static AttentionRecurrentGradientKernel Kernel(Node node) => new((AttentionRecurrentGradientOp)node.Op,
        node.Output!.Shape.Channels, node.Output.Shape.HasLengths, node.Inputs[node.Inputs.Count - 1].Shape.HasLengths);
}
