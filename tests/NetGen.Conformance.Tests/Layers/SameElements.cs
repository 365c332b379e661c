using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>A layer that gives the elements that it reads, in another shape or the same.</summary>
internal abstract record SameElements : UnaryOperation
{
    protected sealed override Estimate Forward(LayerRun run, Estimate x, int sample) => x;

    protected sealed override Estimate Backward(LayerRun run, Estimate x, Estimate y, Estimate dy, int sample) => dy;
}
