using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Cuda.Plans;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Surface;

namespace NetGen.Generator.Emit;

/// <summary>What the surface of a network is made from: everything of a sound one, and of one in error as much as is known.</summary>
/// <param name="Self">The class as its members name it.</param>
/// <param name="Inputs">What the caller gives.</param>
/// <param name="Outputs">What the caller is given.</param>
/// <param name="Layers">The layers that have parameters.</param>
/// <param name="Losses">What the outputs are compared with.</param>
internal sealed record NetworkFacts(
    NetworkSpec Spec,
    string Self,
    IReadOnlyList<SurfacePort> Inputs,
    IReadOnlyList<SurfacePort> Outputs,
    IReadOnlyList<LayerTensors> Layers,
    IReadOnlyList<SurfaceLoss> Losses)
{
    /// <summary>What bodies are written from; null in error, where nobody asks for bodies.</summary>
    public NetworkPlan? Plan { get; init; }

    /// <summary>What a GPU does of the network; null where it has no kernels for GPUs.</summary>
    public CudaPlan? Cuda { get; init; }

    /// <summary>The same of its training; null where there is none besides.</summary>
    public CudaPlan? CudaTraining { get; init; }

    /// <summary>The plan, for bodies.</summary>
    public NetworkPlan Sound => Plan ?? throw new InvalidOperationException($"'{Spec.Name}' is in error: its members have no bodies.");

    /// <summary>The methods by which the kernels of inference are entered.</summary>
    public EntryPoints Entries => Sound.Entries;

    /// <summary>The methods by which those of training are entered.</summary>
    public TrainingEntryPoints TrainingEntries => Sound.TrainingEntries;

    public static NetworkFacts Of(NetworkPlan plan)
    {
        InferredNetwork network = plan.Network;
        IReadOnlyList<SurfaceAxis> axes = SurfaceAxis.Of(plan.Axes);
        IReadOnlyList<SurfacePort> inputs = SurfacePort.Of(plan.Inputs, [.. plan.Inputs.Select(port => port.Shape.Dimensions)], axes);
        IReadOnlyList<SurfacePort> outputs = [.. SurfacePort.Of(
            plan.Outputs, [.. plan.Outputs.Select(port => port.Shape.Dimensions)], axes).Select(output =>
                output.Beside([], axes).Beside(inputs))];
        IReadOnlyList<SurfaceLoss> losses = [.. plan.Losses.Select((loss, i) => Loss(
            loss.Spec, i, loss.Stem, [.. loss.Outputs.Select(output => outputs[output])], loss.Targets))];
        return new(
            network.Spec, network.Spec.FullName, [.. inputs.Select(input => input.Beside(losses, axes).Beside(outputs))], outputs,
            new LayerTensorsBuilder(plan.Parameters, plan.Packing).Build(network.Layers), losses)
        {
            Plan = plan,
        };
    }

    /// <param name="self">The class as its members name it, with type parameters where it has some.</param>
    public static NetworkFacts OfError(NetworkSpec spec, string self, PortExtents inputs, PortExtents outputs)
    {
        IReadOnlyList<SurfaceAxis> axes = inputs.Lengths();
        IReadOnlyList<SurfacePort> given = [.. outputs.Ports("output", axes).Select(output => output.Beside([], axes))];
        var losses = new List<SurfaceLoss>();
        foreach (LossSpec loss in spec.Losses)
        {
            // Of what has no output, or one that another loss is of, nothing is to be shown.
            IReadOnlyList<SurfacePort> own = loss.Of.Count == 0 ? [given[0]] : [.. given.Where(port => loss.Of.Contains(port.Port.Name))];
            if (own.Count < loss.Of.Count || losses.Exists(other => other.Outputs.Intersect(own).Any()))
                continue;
            string stem = spec.Losses.Count == 1 ? "" : Text.Naming.Pascal(own[0].Port.Name);
            losses.Add(Loss(loss, losses.Count, stem, own, LossRegistry.For(loss).Targets(loss, [TensorShape.Unknown])));
        }
        IReadOnlyList<SurfacePort> taken = [.. inputs.Ports("input", axes).Select(input => input.Beside(losses, axes))];
        return new(spec, self, taken, given, LayerTensors.OfError(spec.Layers, path: ""), losses);
    }

    /// <summary>
    /// It has one input and one output, and with that the interfaces of those who know no more of a network.
    /// </summary>
    public bool IsSimple => Inputs.Count == 1 && Outputs.Count == 1 && Inputs[0].Axis is null;

    /// <summary>The lengths that samples bring at run time, each with the input behind which callers give them.</summary>
    public IReadOnlyList<(SurfacePort Input, SurfaceAxis Axis)> Lengths => SurfaceAxis.FirstOf(Inputs);

    /// <summary>What kernels are given for the pointer to where samples begin; null for all other parameters.</summary>
    public string? StartsFor(Cpu.Kernels.KernelParameter parameter)
        => Plan?.Axes.FirstOrDefault(axis => axis.Starts == parameter) is { } axis
            ? $"share.StartsOf({Text.Literals.Int(axis.Index)})" : null;

    /// <summary>For each way to give all targets, the form of each loss.</summary>
    public IReadOnlyList<IReadOnlyList<(SurfaceLoss Loss, SurfaceTarget Target)>> Choices
    {
        get
        {
            if (Losses.Count == 0)
                return [];
            IEnumerable<IReadOnlyList<(SurfaceLoss, SurfaceTarget)>> choices = [[]];
            foreach (SurfaceLoss loss in Losses)
                choices = choices.SelectMany(choice => loss.Targets.Select(target => choice.Append((loss, target)).ToArray())).ToArray();
            return choices.ToArray();
        }
    }

    private static SurfaceLoss Loss(
        LossSpec spec, int index, string stem, IReadOnlyList<SurfacePort> outputs, IReadOnlyList<LossTarget> targets)
        => new(spec, index, stem, outputs, [.. targets.Select(target => SurfaceTarget.Of(target, stem, outputs[0]))]);

    /// <summary>A member of the network itself, which may meet one of a base class of the user's.</summary>
    public SurfaceMember Own(SurfaceMember member) => member with { Inherited = Spec.ModifierOf(member.Name) };

    /// <summary>A type nested in the network.</summary>
    public SurfaceType OwnType(string name) => new(name, $"public {Spec.ModifierOf(name)}sealed class {name}");
}
