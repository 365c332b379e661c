using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Drivers;

/// <summary>What the methods that call kernels are written from: the same for every instruction set.</summary>
internal sealed class NetworkCalls
{
    public NetworkCalls(NetworkPlan plan)
    {
        Inference = ArgumentsOf(plan.Inference, plan.Inputs);
        LanesInference = plan.LanesInference is { } lanes ? ArgumentsOf(lanes, plan.Inputs) : null;
        Stream = plan.Stream is { } stream ? ArgumentsOf(stream.Planned, stream.Inputs) : null;
        Training = plan.IsTrained ? new TrainingCalls(plan) : null;
        Preparation = new CallArguments(new MemoryPlan(), new Dictionary<Value, string>());
    }

    public CallArguments Inference { get; }

    public CallArguments? LanesInference { get; }

    /// <summary>Null for networks without a stream.</summary>
    public CallArguments? Stream { get; }

    /// <summary>Null for networks that are for inference only.</summary>
    public TrainingCalls? Training { get; }

    /// <summary>For what is derived from the weights, which reads no values.</summary>
    public CallArguments Preparation { get; }

    private static CallArguments ArgumentsOf(PlannedGraph planned, IReadOnlyList<CallerPort> ports)
    {
        var external = new Dictionary<Value, string>();
        for (int i = 0; i < ports.Count; i++)
        {
            if (planned.Graph.Inputs[i].Layout.IsCallers)
                external.Add(planned.Graph.Inputs[i], ports[i].Pointer);
        }
        return new CallArguments(planned.Memory, external);
    }
}

/// <summary>The same of training.</summary>
internal sealed class TrainingCalls(NetworkPlan plan)
{
    public CallArguments Arguments { get; } = new(plan.Training.Memory, new Dictionary<Value, string>());

    public Segments Forward { get; } = plan.ForwardSegments();

    public Segments Backward { get; } = plan.BackwardSegments();
}
