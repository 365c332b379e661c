using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

[assembly: Kind(typeof(NetGen.Generator.Layers.Losses.CosineEmbeddingLoss))]

namespace NetGen.Generator.Layers.Losses;

/// <summary>
/// PyTorch's <c>CosineEmbeddingLoss</c>. Of two outputs they are the vectors of each pair, and the label is the only target. Of one output
/// that is the first vector; the second comes as a target, and nothing flows back to it.
/// </summary>
internal sealed class CosineEmbeddingLoss() : Loss<CosineEmbeddingLossSpec>("CosineEmbeddingLoss")
{
    public override IReadOnlyList<string> OutputArguments => ["of", "other"];

    public override string Compares(LossSpec spec) => IsOfTwo(spec) ? "compares two outputs" : base.Compares(spec);

    public override LossSpec Read(LayerArguments arguments)
        => new CosineEmbeddingLossSpec(ReadReduction(arguments), arguments.Double("Margin", 0));

    protected override void Check(CosineEmbeddingLossSpec spec, LossContext context)
    {
        context.Require(spec.Margin >= -1 && spec.Margin <= 1, "Margin", "lie between −1 and 1", spec.Margin);
        context.RequireVectors();
    }

    protected override IEnumerable<string> Options(CosineEmbeddingLossSpec spec)
        => spec.Margin == 0 ? [] : [$"margin {Number(spec.Margin)}"];

    protected override IReadOnlyList<LossTarget> Targets(CosineEmbeddingLossSpec spec, IReadOnlyList<TensorShape> outputs)
    {
        var labels = new PairTarget("labels", "n labels: 1 for a pair that should be alike, −1 for one that should not.");
        TargetParameter[] parameters =
            IsOfTwo(spec) ? [labels] : [ValueTarget.For(outputs[0], "the second vector of each pair"), labels];
        LossDivisor divisor = spec.Reduction == LossReduction.Sum ? LossDivisor.One : LossDivisor.Samples;
        return [new LossTarget("Loss", parameters.ToEquatableArray(), divisor)];
    }

    private static bool IsOfTwo(LossSpec spec) => spec.Of.Count > 1;

    protected override LossOp CreateOp(CosineEmbeddingLossSpec spec, IReadOnlyList<TensorShape> outputs) => new CosineEmbeddingLossOp(spec);
}
