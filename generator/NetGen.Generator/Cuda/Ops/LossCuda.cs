using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>A function of each output and its target: a team for each sample.</summary>
internal sealed class ElementwiseLossCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (ElementwiseLossOp)node.Op;
        CudaLoss loss = selection.LossOf(node);
        var compared = new ElementLossKernel(op.Element, op.Shape);
        CudaKernel kernel = selection.Kernel(node, (op.Name, op.Element.Formula, op.Element.Factors, op.Shape), compared.Team.Threads,
            name => compared.Write(name, node.Title));
        selection.LaunchForRows(kernel, compared.Team, CudaCount.OfSamples(1),
        [
            selection.Of(node.Input), selection.Of(loss.Target<ValueTarget>().Value),
            .. compared.Tables.Select(factor => selection.Of(new CudaConstant.Numbers(factor.Values))),
                .. CudaSelection.LengthsOf(op.Shape),
            selection.Of(node.Output!), loss.Losses, loss.Scale,
        ]);
    }
}

/// <summary>Log-softmax and the negative log-likelihood of a label or of a distribution.</summary>
internal sealed class CrossEntropyLossCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (CrossEntropyLossOp)node.Op;
        CrossEntropyLossSpec spec = op.Spec;
        int classes = node.Input.Shape.Width;
        double everyClass = spec.LabelSmoothing / classes * (spec.Weight.Count > 0 ? spec.Weight.Sum(w => (double)w) : classes);
        foreach (CudaTarget target in selection.LossOf(node).Targets)
        {
            ClassLossForm form = target.Parameter is ValueTarget ? ClassLossForm.Probabilities : ClassLossForm.Labels;
            var kernel = new ClassLossKernel(form, classes, op.OfPositions ? node.Input.Shape.Channels : 1, spec.Weight.Count > 0,
                spec.LabelSmoothing, everyClass, form == ClassLossForm.Labels ? spec.IgnoreIndex : null, node.Input.Shape.HasLengths);
            ClassLosses.Select(selection, node, kernel, spec.Weight, target);
        }
    }
}

/// <summary>The negative log-likelihood of a label.</summary>
internal sealed class NLLLossCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (NLLLossOp)node.Op;
        var kernel = new ClassLossKernel(ClassLossForm.LogLikelihood, node.Input.Shape.Width,
            op.OfPositions ? node.Input.Shape.Channels : 1, op.Spec.Weight.Count > 0, 0, 0, op.Spec.IgnoreIndex,
                node.Input.Shape.HasLengths);
        ClassLosses.Select(selection, node, kernel, op.Spec.Weight, selection.LossOf(node).Targets[0]);
    }
}

/// <summary>The cosine of the angle between output and target, or between two outputs: a team for each pair.</summary>
internal sealed class CosineEmbeddingLossCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        bool isOfTwo = node.Inputs.Count > 1;
        int features = node.Input.Shape.Size;
        double margin = ((CosineEmbeddingLossOp)node.Op).Spec.Margin;
        CudaLoss loss = selection.LossOf(node);
        var pairs = new CosineLossKernel(features, margin, isOfTwo);
        CudaKernel kernel = selection.Kernel(node, ("cosine loss", features, margin, isOfTwo), pairs.Team.Threads,
            name => pairs.Write(name, node.Title));
        CudaArgument second = selection.Of(isOfTwo ? node.Inputs[1] : loss.Target<ValueTarget>().Value);
        selection.LaunchForRows(kernel, pairs.Team, CudaCount.OfSamples(1),
        [
            selection.Of(node.Input), second, selection.Of(loss.Target<PairTarget>().Value), .. node.Outputs.Select(selection.Of),
                loss.Losses,
            loss.Scale,
        ]);
    }
}

/// <summary>Distances of an anchor from a positive and from a negative: a team for each triplet.</summary>
internal sealed class TripletMarginLossCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        TripletMarginLossSpec spec = ((TripletMarginLossOp)node.Op).Spec;
        CudaLoss loss = selection.LossOf(node);
        var triplets = new TripletLossKernel(spec, node.Input.Shape.Size);
        CudaKernel kernel = selection.Kernel(node, (spec, node.Input.Shape.Size), triplets.Team.Threads,
            name => triplets.Write(name, node.Title));
        selection.LaunchForRows(kernel, triplets.Team, CudaCount.OfSamples(1),
            [.. node.Inputs.Select(selection.Of), .. node.Outputs.Select(selection.Of), loss.Losses, loss.Scale]);
    }
}

/// <summary>Similarities of each vector to all of the other input: sums of their exponentials first, then losses and gradients.</summary>
internal sealed class ContrastiveLossCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        ContrastiveLossSpec spec = ((ContrastiveLossOp)node.Op).Spec;
        CudaLoss loss = selection.LossOf(node);
        int features = node.Input.Shape.Size;
        var vectors = new ContrastiveLossKernel(features, spec.Temperature);
        RowTeam team = ContrastiveLossKernel.Team;
        CudaArgument[] both = [selection.Of(node.Inputs[0]), selection.Of(node.Inputs[1]), selection.Of(node.Outputs[2])];
        CudaArgument samples = CudaSelection.Of(CudaCount.OfSamples(1));
        CudaKernel sums = selection.Kernel(node, ("contrastive sums", features, spec.Temperature), team.Threads,
            name => vectors.WriteSums(name, $"{node.Title}: the logarithms of sums of exponentials."), "Sums");
        selection.LaunchForRows(sums, team, CudaCount.OfSamples(2), [.. both, samples]);
        CudaKernel kernel = selection.Kernel(node, ("contrastive loss", features, spec.Temperature), team.Threads,
            name => vectors.WriteLoss(name, node.Title));
        selection.LaunchForRows(kernel, team, CudaCount.OfSamples(2),
            [.. both, selection.Of(node.Outputs[0]), selection.Of(node.Outputs[1]), loss.Losses, loss.Scale, samples]);
    }
}

/// <summary>What both have in common.</summary>
internal static class ClassLosses
{
    public static void Select(CudaSelection selection, Node node, ClassLossKernel rows, EquatableArray<float> weights, CudaTarget target)
    {
        CudaLoss loss = selection.LossOf(node);
        // Of a loss with several forms the caller gives one target.
        int? given = loss.Targets.Count > 1 ? target.Number : null;
        string what = rows.Form == ClassLossForm.Probabilities ? "OfProbabilities" : "";
        CudaKernel kernel = selection.Kernel(node, rows, rows.Team.Threads, name => rows.Write(name, node.Title), what);
        CudaCount count = CudaCount.OfSamples(rows.Rows);
        CudaArgument[] table = weights.Count > 0 ? [selection.Of(new CudaConstant.Numbers(weights))] : [];
        CudaArgument ofRows = rows.Rows == 1 ? loss.Losses : selection.ScratchOf(CudaCount.OfSamples(2L * rows.Rows));
        selection.Launches.Add(new CudaLaunch(node, kernel, new CudaExtent(count, rows.Team.PerBlock), CudaExtent.One,
        [
            selection.Of(node.Input), selection.Of(target.Value), .. table, .. CudaSelection.LengthsOf(node.Input),
            selection.Of(node.Output!), ofRows, loss.Scale, CudaSelection.Of(count),
        ])
        {
            Target = given,
        });
        if (rows.Rows == 1)
            return;
        CudaKernel sums = selection.Kernel(node, ("sums of losses", rows.Rows), EachElementKernel.Threads,
            name => ClassLossKernel.WriteSums(name, $"{node.Title}: the losses of a sample's positions, added up.", rows.Rows), "Sums");
        CudaCount samples = CudaCount.OfSamples(1);
        selection.Launches.Add(new CudaLaunch(node, sums, new CudaExtent(samples, sums.Threads), CudaExtent.One,
            [ofRows, loss.Losses, CudaSelection.Of(samples)])
        {
            Target = given,
        });
    }
}
