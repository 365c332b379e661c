using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cpu.Plans;

/// <summary>A loss of one of the network's outputs.</summary>
/// <param name="Output">Which of the outputs.</param>
/// <param name="Stem">In front of the names of what belongs to it; empty where it is the only one.</param>
internal sealed record PlannedLoss(LossSpec Spec, Loss Kind, int Output, CallerPort Port, string Stem)
{
    /// <summary>The forms in which it takes what the output is compared with.</summary>
    public IReadOnlyList<LossTarget> Targets { get; } = Kind.Targets(Spec, Port.Shape);

    public static IReadOnlyList<PlannedLoss> Of(InferredNetwork network, IReadOnlyList<CallerPort> outputs)
    {
        var losses = new List<PlannedLoss>();
        foreach (LossSpec spec in network.Spec.Losses)
        {
            int output = network.Outputs.ToList().FindIndex(port => port.Name == network.OutputOf(spec)!.Value.Name);
            string stem = network.Spec.Losses.Count == 1 ? "" : Text.Naming.Pascal(outputs[output].Name);
            losses.Add(new PlannedLoss(spec, LossRegistry.For(spec), output, outputs[output], stem));
        }
        return losses;
    }
}
