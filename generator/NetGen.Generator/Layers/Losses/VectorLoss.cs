using NetGen.Generator.Diagnostics;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers.Losses;

/// <summary>A loss that compares outputs of the network, vectors of one length, with one another, and takes no target.</summary>
internal abstract class VectorLoss<TSpec>(string typeName) : Loss<TSpec>(typeName)
    where TSpec : LossSpec
{
    protected sealed override IReadOnlyList<LossTarget> Targets(TSpec spec, IReadOnlyList<TensorShape> outputs)
        => [new LossTarget("Loss", EquatableArray<TargetParameter>.Empty,
            spec.Reduction == LossReduction.Sum ? LossDivisor.One : LossDivisor.Samples)];

    protected override void Check(TSpec spec, LossContext context)
    {
        for (int i = 0; i < context.Outputs.Count; i++)
        {
            if (!context.Outputs[i].Shape.IsUnknown && !context.Outputs[i].Shape.IsVector)
                context.ReportShape("vectors of features", i);
        }
        List<LossOutput> vectors = [.. context.Outputs.Where(output => output.Shape.IsVector && output.Shape.IsComplete)];
        if (vectors.Select(output => output.Shape.Features).Distinct().Count() > 1)
        {
            string[] lengths = [.. vectors.Select(output => $"{output.Source} has {MessageText.Number(output.Shape.Features)}")];
            context.Report(DiagnosticDescriptors.LossOutputs, null, null, TypeName, MessageText.List(lengths));
        }
    }
}
