using NetGen.Generator.Cpu.Drivers;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Surface;
using NetGen.Generator.Text;
using static NetGen.Generator.Surface.Doc;
using static NetGen.Generator.Surface.SurfaceMember;

namespace NetGen.Generator.Emit;

/// <summary>
/// The class that takes one position of a sequence after another: what this network reads and gives at each, and its kernels. The rest is
/// in the runtime's <c>StreamCore</c>.
/// </summary>
internal static class StreamSurface
{
    private const string CoreType = "global::NetGen.CompilerServices.StreamCore", Name = NetworkMembers.Stream;

    /// <summary>What a network with a stream has besides.</summary>
    public static IReadOnlyList<SurfaceItem> Members(NetworkFacts network) =>
    [
        network.Own(NetworkMembers.CreateStream).Does(() => Body.Of($"new {Name}(this, options ?? new {RuntimeTypes.SessionOptions}())")),
        Of(network),
    ];

    public static KernelTable Table(NetworkFacts network) => KernelTable.OfStream(network.Sound, network.Entries);

    private static SurfaceType Of(NetworkFacts network)
    {
        (IReadOnlyList<SurfacePort> inputs, IReadOnlyList<SurfacePort> outputs) = Ports(network);
        return network.OwnType(Name) with
        {
            Documentation =
            [
                Summary("One sequence as it comes: what the network keeps of the positions so far. A stream serves one caller at a time; "
                    + "streams of one network run side by side."),
            ],
            IsUnsafe = true,
            Bases = [CoreType, .. SurfaceTexts.If(TakesTokens(network, inputs, outputs), RuntimeTypes.ITokenStream)],
            Items =
            [
                new PrivateText(() => $"""
                    // The network, the kernels in use, and a call's spans.
                    private readonly {network.Self} _network;
                    private readonly {Table(network).FullName} _kernels;
                    {SurfaceTexts.Fields(inputs.Concat(outputs).Select(port => (port.Field, port.Element)))}
                    """),
                .. inputs.Concat(outputs).Select(port => Size(network, port)),
                .. TakesTokens(network, inputs, outputs) ? TokenSizes(inputs[0], outputs[0]) : [],
                New(network),
                Steps("Step", "Takes the next steps, one or several, and gives the output of each.", inputs, outputs),
                Prefill(inputs, outputs),
                PrefillSilently(inputs),
                Method(Name, "Fork").Says(Summary("Another stream that stands where this one stands, and goes on by itself.")).Does(() =>
                    Body.Block($"""
                    {Name} fork = new {Name}(_network, Options);
                    fork.CopyFrom(this);
                    return fork;
                    """)),
                Method("void", "CopyFrom", new SurfaceParameter(Name, "other")).Says(
                    Summary("Makes this stream stand where another stands, without allocating."),
                    Param("other", "A stream of a network of this class; if its parameters are others, what it keeps is from those."),
                    Throws("System.InvalidOperationException", "A call is inside of one of the two; nothing was done.")).Does(() => Body.Of(
                        "CopyCore(other)")),
                .. Kernels(network, inputs, outputs),
            ],
        };
    }

    /// <summary>What there is of a step; of a network in error, as the whole has it.</summary>
    private static (IReadOnlyList<SurfacePort> Inputs, IReadOnlyList<SurfacePort> Outputs) Ports(NetworkFacts network)
    {
        if (network.Plan?.Stream is not { } stream)
            return (network.Inputs, network.Outputs);
        IReadOnlyList<SurfacePort> inputs = SurfacePort.Of(stream.Inputs, [.. stream.Inputs.Select(port => port.Shape.Dimensions)], []);
        IReadOnlyList<SurfacePort> outputs = SurfacePort.Of(stream.Outputs, [.. stream.Outputs.Select(port => port.Shape.Dimensions)], []);
        return ([.. inputs.Select(input => input.Beside(outputs))], [.. outputs.Select(output => output.Beside(inputs))]);
    }

    /// <summary>
    /// One int in and one output at each step: those that generate tokens need to know no more. Of a network in error, whose inputs have
    /// all their positions, any that might be one.
    /// </summary>
    private static bool TakesTokens(
        NetworkFacts network, IReadOnlyList<SurfacePort> inputs, IReadOnlyList<SurfacePort> outputs)
        => inputs.Count == 1 && outputs.Count == 1 && inputs[0].Shape.IsInts
            && (network.Plan is null || inputs[0].Shape.Size == 1 && inputs[0].Port.IndexLimit is not null);

    private static IReadOnlyList<SurfaceItem> TokenSizes(SurfacePort input, SurfacePort output) =>
    [
        Explicit("int", RuntimeTypes.ITokenStream, "TokenCount", Literals.Int(input.Port.IndexLimit ?? 0)),
        Explicit("int", RuntimeTypes.ITokenStream, "OutputSize", output.Size),
    ];

    private static SurfaceMember Size(NetworkFacts network, SurfacePort port)
        => Constant("int", port.Size).Says(Summary($"Values of {port.Words} at one step.")) with
        {
            Value = (() => Literals.Int(port.Shape.Size), "1"),
        };

    private static SurfaceMember New(NetworkFacts network) => Constructor(Name,
        new SurfaceParameter(network.Self, "network"), new SurfaceParameter(RuntimeTypes.SessionOptions, "options"))
        .Does(() => Body.Block($"""
            _network = network;
            _kernels = {Table(network).FullName}.For(VectorWidth);
            """)) with
    {
        Access = "internal",
        Calls = (() => BaseCall(network), " : base(null, null, null, null)"),
    };

    private static string BaseCall(NetworkFacts network)
    {
        NetworkPlan plan = network.Sound;
        StreamPlan stream = plan.Stream!;
        string prepared = plan.InferencePrepared.Length > 0 ? PrivateState.Of("network", "Prepared") : "null";
        IReadOnlyList<string> figures =
        [
            $"Block = {Literals.Int(StreamPlan.Block)}",
            $"FixedLength = {Literals.Int(plan.InferencePrepared.ScratchLength + stream.Planned.Memory.PerSampleLength)}",
            $"RowLength = {Literals.Int(stream.Planned.Memory.PerRowLength)}",
            $"StateLength = {Literals.Int(stream.State.Length)}",
            $"ClearedLength = {Literals.Int(stream.State.ClearedLength)}",
            $"Form = {Literals.String(stream.State.Form)}",
            .. SurfaceTexts.If(stream.MostPositions is not null, $"Capacity = {Literals.Int(stream.MostPositions ?? 0)}"),
            .. SurfaceTexts.Widths(plan),
        ];
        return SurfaceTexts.BaseCall(figures, $"{PrivateState.Of("network", "Parameters")}, {prepared}, options");
    }

    private static SurfaceMember Prefill(IReadOnlyList<SurfacePort> inputs, IReadOnlyList<SurfacePort> outputs) => Takes("Prefill",
        "Takes several steps at once, such as those of a prompt, and gives the output of the last: nothing is computed of the others that "
            + "only their outputs need.",
        inputs, outputs, port => Param(port.SpanName, $"Receives {Literals.Int(port.Shape.Size)} values: those of the last step."),
        port => $"CheckSteps({port.Span}.Length, 1, {port.Size}, {Literals.String(port.SpanName)});",
        port => $"{port.Field} = {port.Address("target")} - (steps - 1L) * {port.Size};",
        "RunPrefill(steps, wantsOutput: true);");

    private static SurfaceMember PrefillSilently(IReadOnlyList<SurfacePort> inputs) => Takes(
        "Prefill", "Takes several steps without their outputs.", inputs, [], _ => "", _ => "", _ => "",
        "RunPrefill(steps, wantsOutput: false);");

    private static SurfaceMember Steps(
        string name, string summary, IReadOnlyList<SurfacePort> inputs, IReadOnlyList<SurfacePort> outputs) => Takes(
        name, summary, inputs, outputs,
        port => Param(port.SpanName, $"Receives n × {Literals.Int(port.Shape.Size)} values, each {port.Shape}."),
        port => $"CheckSteps({port.Span}.Length, steps, {port.Size}, {Literals.String(port.SpanName)});",
        port => $"{port.Field} = {port.Address("target")};", "RunSteps(steps);");

    /// <summary>A method that takes steps.</summary>
    private static SurfaceMember Takes(string name, string summary, IReadOnlyList<SurfacePort> inputs, IReadOnlyList<SurfacePort> outputs,
        Func<SurfacePort, string> about, Func<SurfacePort, string> check, Func<SurfacePort, string> keep, string run)
        => Method("void", name, [.. inputs.Select(port => port.Read), .. outputs.Select(port => port.Written)]).Says(
        [
            Summary(summary),
            .. inputs.Select((port, i) => Param(port.SpanName, $"n steps of {Literals.Int(port.Shape.Size)} values, each {port.Shape}"
                + (port.Port.IndexLimit is { } limit ? $", from 0 to {Literals.Int(limit - 1)}" : "") + (i == 0 ? "; n from 1 on." : "."))),
            .. outputs.Select(about),
            Throws("System.ArgumentException", "A length is wrong; nothing was done."),
            .. SurfaceTexts.IndexException(inputs, "nothing was done."),
            Throws("System.InvalidOperationException", "The steps are more than the stream can still take, or another thread is in a call "
                + "of this stream; nothing was done."),
            Throws("System.ObjectDisposedException", "The stream is disposed."),
        ]).Does(() => Body.Block($$"""
            using Call call = Enter();
            {{string.Join("\n", CountSteps(inputs).Concat(outputs.Select(check)))}}
            {{SurfaceTexts.Fixed(
                [.. SurfaceTexts.Addresses(inputs, "source"), .. SurfaceTexts.Addresses(outputs, "target")])}}
            {
                {{string.Join("\n    ", [.. inputs.Select(KeepSource), .. outputs.Select(keep), run])}}
            }
            """));

    private static string KeepSource(SurfacePort port) => $"{port.Field} = {port.Address("source")};";

    private static IEnumerable<string> CountSteps(IReadOnlyList<SurfacePort> inputs) => inputs.Select((port, i) => i > 0
        ? $"CheckSteps({port.Span}.Length, steps, {port.Size}, {Literals.String(port.SpanName)});"
        : $"int steps = StepsOf({port.Span}.Length, {port.Size}{(port.IsOnly ? "" : ", " + Literals.String(port.SpanName))});")
        .Concat(inputs.Where(port => port.Port.IndexLimit is not null).Select(port =>
            $"CheckIndices({port.Span}, {Literals.Int(port.Port.IndexLimit!.Value)}, {Literals.String(port.SpanName)});"));

    /// <summary>What the core calls.</summary>
    private static IEnumerable<SurfaceItem> Kernels(
        NetworkFacts network, IReadOnlyList<SurfacePort> inputs, IReadOnlyList<SurfacePort> outputs)
    {
        yield return Override("ComputeSteps", () => Body.Of(network.Entries.Stream!.Call(parameter => inputs.Concat(outputs)
            .Select(port => port.ArgumentFor(parameter)).FirstOrDefault(argument => argument is not null)
                ?? SurfaceTexts.OfShare(parameter))), SurfaceTexts.Share);
        if (network.Plan is not null && network.Entries.PrepareInference is { } prepare)
        {
            yield return Override("PrepareWeights", () => Body.Of(prepare.Call(SessionSurface.AloneArgument)),
                new SurfaceParameter("float*", "parameters"), new SurfaceParameter("float*", "prepared"));
        }
    }
}
