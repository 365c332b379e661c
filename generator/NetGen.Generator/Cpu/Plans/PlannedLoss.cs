using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Passes;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cpu.Plans;

/// <summary>A loss of one or several of the network's outputs.</summary>
/// <param name="Outputs">Which of the outputs.</param>
/// <param name="Shapes">What they are.</param>
/// <param name="Stem">In front of the names of what belongs to it; empty where it is the only one.</param>
internal sealed record PlannedLoss(
    LossSpec Spec, Loss Kind, IReadOnlyList<int> Outputs, IReadOnlyList<TensorShape> Shapes, string Stem)
{
    /// <summary>The forms in which it takes what the output is compared with.</summary>
    public IReadOnlyList<LossTarget> Targets { get; } = Kind.Targets(Spec, Shapes);

    /// <summary>It needs the whole batch before it knows the loss of any sample.</summary>
    public bool ReadsBatch { get; } = Kind.CreateOp(Spec, Shapes).BatchValuesOfSample is not null;

    /// <summary>The same for the backward pass.</summary>
    public GraphLoss OfGraph => new(Kind.CreateOp(Spec, Shapes), Outputs, Stem + "Loss", Kind.Title(Spec));

    public static IReadOnlyList<PlannedLoss> Of(InferredNetwork network, IReadOnlyList<CallerPort> outputs)
    {
        var losses = new List<PlannedLoss>();
        foreach (LossSpec spec in network.Spec.Losses)
        {
            IReadOnlyList<int> own = network.OutputsOf(spec);
            // No two losses are of the same output.
            string stem = network.Spec.Losses.Count == 1 ? "" : Text.Naming.Pascal(outputs[own[0]].Name);
            losses.Add(new PlannedLoss(spec, LossRegistry.For(spec), own, [.. own.Select(output => outputs[output].Shape)], stem));
        }
        return losses;
    }
}
