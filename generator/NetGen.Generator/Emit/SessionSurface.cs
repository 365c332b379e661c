using NetGen.Generator.Cpu.Drivers;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Surface;
using NetGen.Generator.Text;
using static NetGen.Generator.Surface.Doc;
using static NetGen.Generator.Surface.SurfaceMember;

namespace NetGen.Generator.Emit;

/// <summary>
/// The class that runs inference: what this network reads and writes, and its kernels. The rest is in the runtime's <c>SessionCore</c>.
/// </summary>
internal static class SessionSurface
{
    private const string CoreType = "global::NetGen.CompilerServices.SessionCore";

    public static SurfaceType Of(NetworkFacts network) => network.OwnType(NetworkMembers.Session) with
    {
        Documentation =
        [
            Summary("Inference: the memory for activations, and the threads. One session serves one caller at a time; "
                + "sessions of one network run side by side."),
        ],
        IsUnsafe = true,
        Bases = network.IsSimple ? [CoreType, RuntimeTypes.ISession] : [CoreType],
        Items =
        [
            new PrivateText(() => $"""
                // The kernels in use, and a call's spans.
                private readonly {Table(network).FullName} _kernels;
                {SurfaceTexts.Fields(network.Inputs.Concat(network.Outputs).Select(port => (port.Field, port.Element)))}
                """ + PartialForward.FieldDeclaration(network)),
            New(network),
            Forward(network),
            .. PartialForward.Of(network),
            .. network.IsSimple ? Array.Empty<SurfaceItem>() : [ForwardBatch(network)],
            .. Addresses(network),
            .. Kernels(network),
        ],
    };

    public static KernelTable Table(NetworkFacts network) => KernelTable.OfSession(network.Sound, network.Entries);

    private static SurfaceMember New(NetworkFacts network) => Constructor(NetworkMembers.Session,
        new SurfaceParameter(network.Self, "network"), new SurfaceParameter("int", "maxBatch"),
        new SurfaceParameter(RuntimeTypes.SessionOptions, "options"))
        .Does(() => Body.Block($"_kernels = {Table(network).FullName}.For(VectorWidth);")) with
    {
        Access = "internal",
        Calls = (() => BaseCall(network), " : base(null, null, null, null, 0, null)"),
    };

    private static string BaseCall(NetworkFacts network)
    {
        NetworkPlan plan = network.Sound;
        (long fixedLength, long perRow) = KernelFileEmitter.InferenceArena(plan);
        string prepared = plan.InferencePrepared.Length > 0 ? PrivateState.Of("network", "Prepared") : "null";
        IReadOnlyList<string> figures =
        [
            $"RowBlock = {Literals.Int(KernelFileEmitter.RowBlock(plan))}",
            $"FixedLength = {Literals.Int(fixedLength)}",
            $"RowLength = {Literals.Int(perRow)}",
            $"ScratchLength = {Literals.Int(plan.InferencePrepared.ScratchLength)}",
            $"Schedule = {Literals.String(ScheduleText.Of(plan, training: false))}",
            .. SurfaceTexts.If(plan.Axes.Count > 0, $"Lengths = {Literals.Int(plan.Axes.Count)}"),
            .. SurfaceTexts.Widths(plan),
            .. SurfaceTexts.If(plan.UsesSampleLanes, "SamplesPerGroup = 16"),
            .. SurfaceTexts.If(plan.DividesSamples, "DividesSamples = true"),
            .. SurfaceTexts.If(plan.WakesForOneSample, "WakesForOneSample = true"),
            .. SurfaceTexts.If(network.Cuda is not null, $"Device = {CudaFile.FullName(network)}.Instance"),
        ];
        return SurfaceTexts.BaseCall(figures, $"network, {PrivateState.Of("network", "Parameters")}, {prepared}, maxBatch, options");
    }

    private static SurfaceMember Forward(NetworkFacts network) => ForwardOf("Forward",
        network.Outputs.Count == 1 ? "Computes the network's output." : "Computes the network's outputs.",
        network.Inputs, network.Outputs, "RunForward(samples);");

    /// <summary>A method that computes outputs of the caller's inputs.</summary>
    /// <param name="run">The statements that do it, once arguments are checked and their addresses kept.</param>
    public static SurfaceMember ForwardOf(
        string name, string summary, IReadOnlyList<SurfacePort> inputs, IReadOnlyList<SurfacePort> outputs, params string[] run)
        => Method("void", name, [.. SurfaceTexts.Reads(inputs), .. outputs.Select(port => port.Written)]).Says(
        [
            Summary(summary),
            .. SurfaceTexts.AboutInputs(inputs, RuntimeTypes.ISession + ".MaxBatch"),
            .. outputs.Select(port => Param(port.SpanName, port.Axis is null
                ? $"Receives n × {Literals.Int(port.Shape.Size)} values, each {port.Shape}."
                : $"Receives {port.PerPosition} values for each position of each sample.")),
            Throws("System.ArgumentException", "A length is wrong."),
            .. SurfaceTexts.IndexException(inputs, "nothing was done."),
            Throws("System.ObjectDisposedException", "The session is disposed."),
            Throws("System.InvalidOperationException", "Another thread is in a call of this session; nothing was done."),
        ]).Does(() => Body.Block($$"""
            using Call call = Enter();
            {{string.Join("\n", SurfaceTexts.CountSamples(inputs))}}
            {{string.Join("\n", outputs.Select(SurfaceTexts.CheckLength))}}
            {{SurfaceTexts.Fixed([.. SurfaceTexts.Addresses(inputs, "source"), .. SurfaceTexts.Addresses(outputs, "target")])}}
            {
                {{string.Join("\n    ",
                    [.. SurfaceTexts.Keep(inputs, "source"), .. SurfaceTexts.Keep(outputs, "target"),
                        .. SurfaceTexts.KeepLengths(inputs), .. run])}}
            }
            """));

    /// <summary>The same for those who know only that it is a session.</summary>
    private static SurfaceItem ForwardBatch(NetworkFacts network) => Override("ForwardBatch", () =>
    {
        IEnumerable<string> inputs = BatchInputs.Of(network).Select((input, i) => $"batch.{input.Getter}({Literals.Int(i)})");
        IEnumerable<string> outputs = network.Outputs.Select((_, i) => $"outputs[{Literals.Int(i)}].Span");
        return Body.Of($"Forward({string.Join(", ", inputs.Concat(outputs))})");
    },
    new SurfaceParameter("in global::NetGen.Batch", "batch"),
    new SurfaceParameter("global::System.ReadOnlySpan<global::System.Memory<float>>", "outputs"));

    /// <summary>Where a device finds what the caller gave, and puts what the caller gets.</summary>
    private static IEnumerable<SurfaceItem> Addresses(NetworkFacts network)
        => network.Cuda is null ? [] : [Addresses([.. network.Inputs.Concat(network.Outputs).Select(port => port.Field)])];

    /// <param name="fields">By port, the field that has its address.</param>
    public static SurfaceMember Addresses(IReadOnlyList<string> fields)
        => Method("void*", "AddressOf", new SurfaceParameter("int", "port")).Does(() => Body.Of($$"""
            port switch
            {
                {{string.Join("\n    ", fields.Select((field, i) =>
                    $"{(i == fields.Count - 1 ? "_" : Literals.Int(i))} => {field},"))}}
            }
            """)) with
        {
            Access = "protected override",
        };

    /// <summary>What the core calls on each thread.</summary>
    private static IEnumerable<SurfaceItem> Kernels(NetworkFacts network)
    {
        yield return Override("ComputeForward", () => Run(network, network.Entries.Forward), SurfaceTexts.Share);
        if (network.Plan is null)
            yield break;
        if (network.Entries.ForwardTogether is { } together)
            yield return Override("ComputeForwardTogether", () => Run(network, together), SurfaceTexts.Share);
        if (network.Entries.PrepareInference is { } prepare)
        {
            yield return Override("PrepareWeights", () => Body.Of(prepare.Call(AloneArgument)),
                new SurfaceParameter("float*", "parameters"), new SurfaceParameter("float*", "prepared"));
        }
    }

    private static Body Run(NetworkFacts network, EntryPoint entry) => Body.Of(entry.Call(parameter =>
        network.Inputs.Concat(network.Outputs).Select(port => port.ArgumentFor(parameter)).FirstOrDefault(argument => argument is not null)
        ?? PartialForward.ArgumentFor(parameter) ?? network.StartsFor(parameter) ?? SurfaceTexts.OfShare(parameter)));

    /// <summary>One worker derives everything.</summary>
    public static string AloneArgument(KernelParameter parameter)
        => parameter == KernelParameters.Worker ? "0" : parameter == KernelParameters.Workers ? "1" : parameter.Name;
}
