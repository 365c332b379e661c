using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Losses;

/// <summary>−weight[label] · y[label].</summary>
internal sealed record NLLLoss(LossReduction Reduction, Constants Weight, int IgnoreIndex)
    : LabelLoss(Reduction, Weight, IgnoreIndex), ILoss
{
    public static IReadOnlyList<string> Kinds => ["nll"];

    public static IReadOnlyList<string> Drawn => ["nll"];

    protected override string Kind => Kinds[0];

    public static Loss Read(Word word) => new NLLLoss(ReductionOf(word), word.Factors("w="), IgnoreIndexOf(word)) { Dim = DimOf(word) };

    public static IReadOnlyList<string> DrawnWith(Shape output) => [$"nll:i=0,w={DrawnFactors(output)}"];

    protected override SampleLoss OfSample(Shape output, Estimate y, ReadOnlySpan<float> values, int label)
    {
        bool mean = Reduction == LossReduction.Mean;
        if (label == IgnoreIndex)
            return SampleLoss.Nothing(y.Length, mean ? 0 : 1);
        double weight = FactorAt(Weight, label);
        var gradient = new Estimate(y.Length);
        gradient.Values[label] = -weight;
        gradient.Errors[label] = 2 * Estimate.Unit * Math.Abs(weight);
        return new SampleLoss(-weight * y.Values[label], Math.Abs(weight) * y.Errors[label], gradient, mean ? weight : 1);
    }
}
