using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Losses;

/// <summary>A loss that compares outputs, vectors of one length, with one another, and takes no target.</summary>
internal abstract record OutputsLoss(LossReduction Reduction) : Loss(Reduction)
{
    public sealed override string Targets => "";

    public sealed override bool ComparesOutputs => true;

    public sealed override bool TakesVectors => true;

    public sealed override Target Target(int seed, int count, Shape output) => new();

    protected abstract override SampleLoss[] OfOutputs(IReadOnlyList<Estimate[]> outputs, Target target, int first);

    protected sealed override SampleLoss OfSample(Shape output, Estimate y, ReadOnlySpan<float> values, int label) =>
        throw new NotSupportedException("It is of several outputs.");
}
