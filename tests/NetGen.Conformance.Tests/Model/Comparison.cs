using NetGen.Conformance.Tests.Losses;

namespace NetGen.Conformance.Tests.Model;

/// <summary>An output and the loss of it; in a network without any loss every output, whose gradient is then what the target says.</summary>
internal sealed record Comparison(Loss? Loss, Port Output)
{
    public double Factor => Loss?.Factor ?? 1;
}
