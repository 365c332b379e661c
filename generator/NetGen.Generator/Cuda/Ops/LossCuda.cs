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
            .. compared.Tables.Select(factor => selection.Of(new CudaConstant.Numbers(factor.Values))), .. CudaSelection.LengthsOf(op.Shape),
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
            op.OfPositions ? node.Input.Shape.Channels : 1, op.Spec.Weight.Count > 0, 0, 0, op.Spec.IgnoreIndex, node.Input.Shape.HasLengths);
        ClassLosses.Select(selection, node, kernel, op.Spec.Weight, selection.LossOf(node).Targets[0]);
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
