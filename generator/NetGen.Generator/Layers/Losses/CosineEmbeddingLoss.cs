using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

[assembly: Kind(typeof(NetGen.Generator.Layers.Losses.CosineEmbeddingLoss))]

namespace NetGen.Generator.Layers.Losses;

/// <summary>
/// PyTorch's <c>CosineEmbeddingLoss</c>. A network has one output, so the output is the first vector of each pair; the second comes as a
/// target with the pair's label, and nothing flows back to it.
/// </summary>
internal sealed class CosineEmbeddingLoss() : TargetLoss<CosineEmbeddingLossSpec>("CosineEmbeddingLoss")
{
    public override LossSpec Read(LayerArguments arguments)
        => new CosineEmbeddingLossSpec(ReadReduction(arguments), arguments.Double("Margin", 0));

    protected override void Check(CosineEmbeddingLossSpec spec, LossContext context)
    {
        context.Require(spec.Margin >= -1 && spec.Margin <= 1, "Margin", "lie between −1 and 1", spec.Margin);
        if (!context.Output.IsUnknown && !context.Output.IsVector)
            context.ReportShape("a vector of features");
    }

    protected override IEnumerable<string> Options(CosineEmbeddingLossSpec spec)
        => spec.Margin == 0 ? [] : [$"margin {Number(spec.Margin)}"];

    protected override IReadOnlyList<LossTarget> Targets(CosineEmbeddingLossSpec spec, TensorShape output)
    {
        TargetParameter[] parameters =
        [
            ValueTarget.For(output, "the second vector of each pair"),
            new PairTarget("labels", "n labels: 1 for a pair that should be alike, −1 for one that should not."),
        ];
        LossDivisor divisor = spec.Reduction == LossReduction.Sum ? LossDivisor.One : LossDivisor.Samples;
        return [new LossTarget("Loss", parameters.ToEquatableArray(), divisor)];
    }

    protected override LossOp CreateOp(CosineEmbeddingLossSpec spec, TensorShape output) => new CosineEmbeddingLossOp(spec);
}
