using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers.Losses;

/// <summary>A loss that compares outputs of the network, vectors of one length, with one another, and takes no target.</summary>
internal abstract class VectorLoss<TSpec>(string typeName) : Loss<TSpec>(typeName)
    where TSpec : LossSpec
{
    protected sealed override IReadOnlyList<LossTarget> Targets(TSpec spec, IReadOnlyList<TensorShape> outputs)
        => [new LossTarget("Loss", EquatableArray<TargetParameter>.Empty,
            spec.Reduction == LossReduction.Sum ? LossDivisor.One : LossDivisor.Samples)];

    protected override void Check(TSpec spec, LossContext context) => context.RequireVectors();
}
