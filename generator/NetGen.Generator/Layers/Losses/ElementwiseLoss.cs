using NetGen.Generator.Functions;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers.Losses;

/// <summary>A loss that compares each of the network's outputs with a value of its own: vectors and images alike.</summary>
internal abstract class ElementwiseLoss<TSpec>(string typeName) : TargetLoss<TSpec>(typeName)
    where TSpec : LossSpec
{
    /// <summary>What a target value is, for the documentation of <c>Step</c>.</summary>
    protected virtual string Meaning => "what the output should be";

    public override bool TakesLengths => true;

    protected abstract ElementLoss Element(TSpec spec);

    /// <summary>Those factors that the declaration gives.</summary>
    protected static EquatableArray<ElementFactor> FactorsOf(params ElementFactor[] factors)
        => factors.Where(factor => factor.Values.Count > 0).ToEquatableArray();

    protected sealed override IReadOnlyList<LossTarget> Targets(TSpec spec, TensorShape output)
        => [LossTarget.Values("Loss", output, Meaning, spec.Reduction switch
        {
            LossReduction.Mean => LossDivisor.Outputs,
            LossReduction.BatchMean => LossDivisor.Samples,
            _ => LossDivisor.One,
        })];

    protected sealed override LossOp CreateOp(TSpec spec, TensorShape output) => new ElementwiseLossOp(TypeName, Element(spec), output);
}
