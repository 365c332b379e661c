using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Surface;

namespace NetGen.Generator.Emit;

/// <summary>What the surface of a network is made from: everything of a sound one, and of one in error as much as is known.</summary>
/// <param name="Self">The class as its members name it.</param>
/// <param name="Input">Shape of one sample; unknown in error.</param>
/// <param name="Output">Shape of the output for one sample; unknown in error.</param>
/// <param name="InputShape">Dimensions of one sample, with 1 for those that are in error.</param>
/// <param name="OutputShape">Dimensions of the output, with 1 for those that are in error.</param>
/// <param name="Layers">The layers that have parameters.</param>
/// <param name="Targets">The forms in which the loss takes what the output is compared with; none without a loss.</param>
internal sealed record NetworkFacts(
    NetworkSpec Spec,
    string Self,
    TensorShape Input,
    TensorShape Output,
    EquatableArray<int> InputShape,
    EquatableArray<int> OutputShape,
    IReadOnlyList<LayerTensors> Layers,
    IReadOnlyList<LossTarget> Targets)
{
    /// <summary>What bodies are written from; null in error, where nobody asks for bodies.</summary>
    public NetworkPlan? Plan { get; init; }

    /// <summary>The plan, for bodies.</summary>
    public NetworkPlan Sound => Plan ?? throw new InvalidOperationException($"'{Spec.Name}' is in error: its members have no bodies.");

    /// <summary>The methods by which the kernels are entered.</summary>
    public EntryPoints Entries => Sound.Entries;

    public static NetworkFacts Of(NetworkPlan plan)
    {
        InferredNetwork network = plan.Network;
        return new(
            network.Spec, network.Spec.FullName, network.Input, network.Output, network.Input.Dimensions, network.Output.Dimensions,
            new LayerTensorsBuilder(plan.Parameters).Build(network.Layers), plan.Entries.Targets)
        {
            Plan = plan,
        };
    }

    /// <param name="self">The class as its members name it, with type parameters where it has some.</param>
    public static NetworkFacts OfError(
        NetworkSpec spec, string self, EquatableArray<int> inputShape, EquatableArray<int> outputShape) => new(
        spec, self, TensorShape.Unknown, TensorShape.Unknown, inputShape, outputShape,
        LayerTensors.OfError(spec.Layers, path: ""), spec.Loss is { } loss
            ? LossRegistry.For(loss).Targets(loss, TensorShape.Unknown) : []);

    /// <summary>A member of the network itself, which may meet one of a base class of the user's.</summary>
    public SurfaceMember Own(SurfaceMember member) => member with { Inherited = Spec.ModifierOf(member.Name) };

    /// <summary>A type nested in the network.</summary>
    public SurfaceType OwnType(string name) => new(name, $"public {Spec.ModifierOf(name)}sealed class {name}");
}
