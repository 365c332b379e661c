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
        Bases = [CoreType, RuntimeTypes.ISession],
        Items =
        [
            new PrivateText(() => $"""
                // The kernels in use, and a call's spans.
                private readonly {Table(network).FullName} _kernels;
                private float* _input, _output;
                """),
            New(network),
            Explicit("int", RuntimeTypes.ISession, "InputSize", "InputSize"),
            Explicit("int", RuntimeTypes.ISession, "OutputSize", "OutputSize"),
            Forward(network),
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
        Calls = (() => BaseCall(network), " : base(null, null, null, 0, null)"),
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
            .. SurfaceTexts.Widths(plan),
            .. SurfaceTexts.If(plan.UsesSampleLanes, "SamplesPerGroup = 16"),
            .. SurfaceTexts.If(plan.DividesSamples, "DividesSamples = true"),
            .. SurfaceTexts.If(plan.WakesForOneSample, "WakesForOneSample = true"),
        ];
        return SurfaceTexts.BaseCall(figures, $"{PrivateState.Of("network", "Parameters")}, {prepared}, maxBatch, options");
    }

    private static SurfaceMember Forward(NetworkFacts network) => Method("void", "Forward", SurfaceTexts.Input, SurfaceTexts.Output).Says(
        Summary("Computes the network's output."),
        SurfaceTexts.AboutInput(network, RuntimeTypes.ISession + ".MaxBatch"),
        Param("output", $"Receives n × {Literals.Int(network.Output.Size)} values, each {network.Output}."),
        Throws("System.ArgumentException", "A length is wrong."),
        Throws("System.ObjectDisposedException", "The session is disposed."),
        Throws("System.InvalidOperationException", "Another thread is in a call of this session; nothing was done."))
        .Does(() => Body.Block("""
            using Call call = Enter();
            int samples = SamplesOf(input.Length, InputSize);
            CheckLength(output.Length, samples, OutputSize, "output");
            fixed (float* source = input, target = output)
            {
                _input = source;
                _output = target;
                RunForward(samples);
            }
            """));

    /// <summary>What the core calls on each thread.</summary>
    private static IEnumerable<SurfaceItem> Kernels(NetworkFacts network)
    {
        yield return Override("ComputeForward", () => Run(network.Entries.Forward), SurfaceTexts.Share);
        if (network.Plan is null)
            yield break;
        if (network.Entries.ForwardTogether is { } together)
            yield return Override("ComputeForwardTogether", () => Run(together), SurfaceTexts.Share);
        if (network.Entries.PrepareInference is { } prepare)
        {
            yield return Override("PrepareWeights", () => Body.Of(prepare.Call(AloneArgument)),
                new SurfaceParameter("float*", "parameters"), new SurfaceParameter("float*", "prepared"));
        }
    }

    private static Body Run(EntryPoint entry) => Body.Of(entry.Call(Argument));

    private static string Argument(KernelParameter parameter) => parameter.Name switch
    {
        "input" => "share.Of(_input, InputSize)",
        "output" => "share.Of(_output, OutputSize)",
        _ => SurfaceTexts.OfShare(parameter),
    };

    /// <summary>One worker derives everything.</summary>
    private static string AloneArgument(KernelParameter parameter)
        => parameter == KernelParameters.Worker ? "0" : parameter == KernelParameters.Workers ? "1" : parameter.Name;
}
