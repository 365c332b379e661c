using NetGen.Generator.Cpu.Drivers;
using NetGen.Generator.Cpu.Kernels;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Plans;

/// <summary>The methods by which the kernels of inference are entered, by what enters them.</summary>
internal sealed class EntryPoints
{
    /// <summary>What every pass reads: the parameters, and what is derived from them.</summary>
    public static IReadOnlyList<KernelParameter> Weights { get; } = [Floats("parameters"), Floats("prepared")];

    /// <summary>The outputs that the caller asks for, as a set of bits, where some can be had for less than all.</summary>
    public static KernelParameter Wanted { get; } = ULong("wanted");

    /// <summary>Where a stream keeps what is to be known of the past.</summary>
    public static KernelParameter State { get; } = Floats("state");

    /// <summary>How many steps a stream has taken.</summary>
    public static KernelParameter Position { get; } = Long("position");

    /// <param name="plan">The network with all that its kernels need.</param>
    public EntryPoints(NetworkPlan plan)
    {
        KernelParameter[] inference =
        [
            Floats("arena"), Int("capacity"), .. CallerPort.Pointers(plan.Inputs), .. CallerPort.Pointers(plan.Outputs),
            .. plan.Axes.Select(axis => axis.Starts), .. If(plan.Needs.Alone.Count > 0, Wanted),
        ];
        Forward = new("Forward", [.. Weights, .. inference, Int("count")]);
        if (plan.DividesSamples)
            ForwardTogether = new("ForwardTogether", [.. Weights, Floats("scratch"), .. inference, Worker, Pool]);
        if (plan.InferencePrepared.Length > 0)
            PrepareInference = new("PrepareInference", [.. Weights, .. Share]);

        if (plan.Stream is { } stream)
        {
            Stream = new("Stream",
            [
                .. Weights, State, Position, Floats("arena"), Int("capacity"), .. CallerPort.Pointers(stream.Inputs),
                .. CallerPort.Pointers(stream.Outputs), Wanted, Int("count"),
            ]);
        }
    }

    public EntryPoint Forward { get; }

    /// <summary>One sample by all workers; null where none is divided.</summary>
    public EntryPoint? ForwardTogether { get; }

    /// <summary>What inference derives from the weights; null where that is nothing.</summary>
    public EntryPoint? PrepareInference { get; }

    /// <summary>Steps of a stream; null for networks without one.</summary>
    public EntryPoint? Stream { get; }

    /// <summary>Those that a session calls.</summary>
    public IReadOnlyList<EntryPoint> Inference => Present(Forward, ForwardTogether, PrepareInference);

    /// <summary>Those that a stream calls.</summary>
    public IReadOnlyList<EntryPoint> Streaming => Present(Stream, PrepareInference);

    /// <summary>Those of several that there are.</summary>
    public static IReadOnlyList<EntryPoint> Present(params EntryPoint?[] entries) => [.. entries.OfType<EntryPoint>()];
}
