using NetGen.Conformance.Tests.Losses;

namespace NetGen.Conformance.Tests.Model;

/// <summary>
/// Outputs and the loss of them, as a rule of one; in a network without any loss every output, whose gradient is then what the target says.
/// </summary>
internal sealed record Comparison(Loss? Loss, IReadOnlyList<Port> Outputs)
{
    /// <summary>The only or first output.</summary>
    public Port Output => Outputs[0];

    public double Factor => Loss?.Factor ?? 1;
}
