using NetGen.Generator.Cpu;
using NetGen.Generator.Cpu.Drivers;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Ir;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Surface;
using NetGen.Generator.Text;
using static NetGen.Generator.Surface.Doc;
using static NetGen.Generator.Surface.SurfaceMember;

namespace NetGen.Generator.Emit;

/// <summary>
/// The class that trains: what this network reads and is compared with, and its kernels. The rest is in the runtime's <c>TrainerCore</c>.
/// </summary>
internal static class TrainerSurface
{
    private const string CoreType = "global::NetGen.CompilerServices.TrainerCore";

    public static SurfaceType Of(NetworkFacts network) => network.OwnType(NetworkMembers.Trainer) with
    {
        Documentation =
        [
            Summary("Training: activations and gradients of one batch, and the optimiser's state. One caller at a time: a call while "
                + "another "
                + "is inside is refused with an InvalidOperationException, and nothing is done. The result of a step has the same bits at "
                + "every number of threads."),
        ],
        IsUnsafe = true,
        Bases = [CoreType],
        Items =
        [
            new PrivateText(() => Fields(network)),
            New(network),
            Auto(network.Self, "Network").Says(Summary("The network whose parameters are trained.")),
            Auto(NetworkMembers.Gradients, NetworkMembers.Gradients).Says(Summary(
                "The gradients of the last backward pass, or the sum of those that were accumulated, by layer; an update clips them in "
                + "place, where the options ask for it.")) with
            {
                Needs = NetworkMembers.Gradients,
            },
            .. new TrainerCalls(network).All,
            .. Addresses(network),
            .. TrainerKernels.Of(network),
        ],
    };

    /// <summary>Where a device finds what the caller gave, and puts what the caller gets.</summary>
    private static IEnumerable<SurfaceItem> Addresses(NetworkFacts network)
    {
        if (network.CudaTraining is null)
            return [];
        return
        [
            SessionSurface.Addresses(
            [
                .. network.Inputs.Concat(network.Outputs).Select(port => port.Field),
                .. network.Outputs.Concat(network.Inputs).Select(port => port.HasGradient ? port.GradientField : "null"),
                .. TrainerCalls.TargetFields(network).Select(target => target.Field),
            ]),
        ];
    }

    public static KernelTable Table(NetworkFacts network) => KernelTable.OfTrainer(network.Sound);

    /// <summary>The first normalisation that has no variance in a batch of one sample; null where there is none.</summary>
    private static Node? NeedsSeveralSamples(NetworkPlan plan)
        => plan.Training.Graph.ForwardNodes.FirstOrDefault(node => node.BatchValuesPerSample == 1);

    private static string Fields(NetworkFacts network)
    {
        SurfacePort[] ports = [.. network.Inputs, .. network.Outputs];
        IEnumerable<(string, string)> fields =
        [
            .. ports.Select(port => (port.Field, port.Element)),
            .. ports.Where(port => port.HasGradient).Select(port => (port.GradientField, port.Element)),
            .. TrainerCalls.TargetFields(network).Select(target => (target.Field, target.Type)),
        ];
        return $"""
            // The kernels in use, and a call's spans.
            private readonly {Table(network).FullName} _kernels;
            {SurfaceTexts.Fields(fields)}
            """;
    }

    private static SurfaceMember New(NetworkFacts network) => Constructor(NetworkMembers.Trainer,
        new SurfaceParameter(network.Self, "network"), new SurfaceParameter("int", "batchSize"),
        new SurfaceParameter(RuntimeTypes.Optimizer, "optimizer"), new SurfaceParameter(RuntimeTypes.TrainerOptions, "options"))
        .Does(() => Body.Block($"""
            Network = network;
            Gradients = new Gradients(GradientBuffer);
            _kernels = {Table(network).FullName}.For(VectorWidth);
            """)) with
    {
        Access = "internal",
        Calls = (() => BaseCall(network), " : base(null, null, null, null, 0, null, null)"),
    };

    private static string BaseCall(NetworkFacts network)
    {
        NetworkPlan plan = network.Sound;
        TrainingEntryPoints entries = network.TrainingEntries;
        IReadOnlyList<string?> requirements = TrainerCalls.OutputRequirements(plan);
        string needsSeveral = NeedsSeveralSamples(plan) is { } node ? $"{node.Name}, {node.Title}" : "";
        IEnumerable<ParameterInfo> counted = plan.Training.Graph.Nodes.Select(part => part.BatchCounter).OfType<ParameterInfo>();
        List<string> counters = [.. counted.Select(counter => Literals.Int(counter.Offset))];
        IReadOnlyList<string> figures =
        [
            $"RowLength = {Literals.Int(plan.Training.Memory.PerRowLength)}",
            .. SurfaceTexts.If(plan.Training.Memory.LateRowLength > 0,
                $"InputGradientRowLength = {Literals.Int(plan.Training.Memory.LateRowLength)}"),
            $"PreparedLength = {Literals.Int(plan.Prepared.Length)}",
            $"ScratchLength = {Literals.Int(plan.Prepared.ScratchLength)}",
            $"Schedule = {Literals.String(ScheduleText.Of(plan, training: true))}",
            .. SurfaceTexts.If(plan.Axes.Count > 0, $"Lengths = {Literals.Int(plan.Axes.Count)}"),
            .. Lengths(plan.Packing),
            .. SurfaceTexts.Widths(plan),
            .. SurfaceTexts.If(plan.UsesSampleLanes, "SamplesPerGroup = 16"),
            .. SurfaceTexts.If(entries.ForwardParts > 0, $"ForwardParts = {Literals.Int(entries.ForwardParts)}"),
            .. SurfaceTexts.If(entries.BackwardParts > 0, $"BackwardParts = {Literals.Int(entries.BackwardParts)}"),
            .. SurfaceTexts.If(plan.GradientsMeet, "GradientsMeet = true"),
            .. SurfaceTexts.If(plan.Gradients.FurtherLength > 0,
                $"FurtherGradientsLength = {Literals.Int(plan.Gradients.FurtherLength)}"),
            .. SurfaceTexts.If(plan.Gradients.Tables.Count > 0, Tables(plan.Gradients)),
            .. SurfaceTexts.If(network.Losses.Count > 0, "HasLoss = true"),
            .. SurfaceTexts.If(entries.LossesOfBatch.Count > 0, "LossReadsBatch = true"),
            .. LossFigures(network, requirements),
            .. SurfaceTexts.If(needsSeveral.Length > 0, $"NeedsSeveralSamples = {Literals.String(needsSeveral)}"),
            .. SurfaceTexts.If(network.CudaTraining is not null, $"Device = {CudaFile.FullTrainingName(network)}.Instance"),
            .. SurfaceTexts.If(counters.Count > 0, $"BatchCounters = new long[] {{ {string.Join(", ", counters)} }}"),
        ];
        string parameters = PrivateState.Of("network", "Parameters"), list = PrivateState.Of("network", "List");
        return SurfaceTexts.BaseCall(figures, $"network, {parameters}, {list}, batchSize, optimizer, options");
    }

    /// <summary>The tables whose rows are looked up.</summary>
    private static string Tables(GradientPlan gradients)
    {
        IEnumerable<string> tables = gradients.Tables.Select(table =>
        {
            int rows = table.Shape[0];
            string figures = string.Join(", ", new long[]
            {
                table.Offset, rows, table.Packed.Length / rows, gradients.TouchedOffset(table)!.Value,
            }.Select(number => Literals.Int(number)));
            return $"new({figures})";
        });
        return $"Tables = new global::NetGen.CompilerServices.TablePlan[] {{ {string.Join(", ", tables)} }}";
    }

    /// <summary>What the losses need of their outputs, and what they count.</summary>
    private static IEnumerable<string> LossFigures(NetworkFacts network, IReadOnlyList<string?> requirements)
    {
        if (requirements.Count == 1 && requirements[0] is { } requirement)
            yield return $"OutputRequirement = {Literals.String(requirement)}";
        if (requirements.Count > 1 && requirements.Any(one => one is not null))
        {
            IEnumerable<string> texts = requirements.Select(one => one is null ? "null" : Literals.String(one));
            yield return $"OutputRequirements = new string?[] {{ {string.Join(", ", texts)} }}";
        }
        if (network.Losses.Count > 1 || network.Losses.Any(loss => loss.Spec.Factor != 1))
        {
            IEnumerable<string> factors = network.Losses.Select(loss => Literals.Double(loss.Spec.Factor));
            yield return $"LossFactors = new double[] {{ {string.Join(", ", factors)} }}";
        }
    }

    /// <summary>Statistics and counters stand behind what is learned, and last what is frozen.</summary>
    private static IEnumerable<string> Lengths(PackingPlan packing) =>
    [
        .. SurfaceTexts.If(packing.LearnedLength < packing.Length, $"LearnedLength = {Literals.Int(packing.LearnedLength)}"),
        .. SurfaceTexts.If(packing.GradientLength < packing.Length, $"GradientLength = {Literals.Int(packing.GradientLength)}"),
    ];
}
