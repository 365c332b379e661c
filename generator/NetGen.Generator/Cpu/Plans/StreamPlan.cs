using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Plans;

/// <summary>A network as a stream: the calls for steps of one sequence, and what they keep.</summary>
/// <param name="Inputs">What the caller gives at each step.</param>
/// <param name="Outputs">What the caller is given at each step.</param>
/// <param name="MostPositions">How many steps there may be; null where that has no limit.</param>
internal sealed record StreamPlan(
    PlannedGraph Planned, StreamState State, IReadOnlyList<CallerPort> Inputs, IReadOnlyList<CallerPort> Outputs, int? MostPositions)
{
    /// <summary>Steps whose values are side by side: enough to read the weights seldom, few enough for the cache.</summary>
    public const int Block = 64;

    /// <param name="graph">With layouts.</param>
    public static StreamPlan Create(Graph graph, NetworkPlan network)
    {
        var state = new StreamState(graph);
        CallerPort[] inputs = [.. network.Inputs.Zip(graph.Inputs, (port, value) => port with { Shape = value.Shape })];
        CallerPort[] outputs = [.. network.Outputs.Zip(graph.Outputs, (port, value) => port with { Shape = value.Shape })];
        HashSet<Node> needed = state.Needed();
        var calls = new List<KernelCall>();
        var external = new List<Value>();
        for (int i = 0; i < graph.Inputs.Count; i++)
        {
            if (graph.Inputs[i].Layout.IsCallers)
                external.Add(graph.Inputs[i]);
            else
                calls.Add(NetworkPlan.LoadInput(inputs, graph, i));
        }
        // What only the outputs need is left out of steps whose outputs nobody asks for.
        calls.AddRange(KernelSelection.Run(graph, "Step", network.InferencePrepared, state: state)
            .Select(call => needed.Contains(call.Node!) ? call : call with { ForOutputs = AnyOutput }));
        calls.AddRange(graph.Outputs.Select((output, i)
            => NetworkPlan.StoreOutput(outputs, $"Store{outputs[i].Stem}Step", i, output) with { ForOutputs = AnyOutput }));
        int? most = graph.Nodes.Select(node => (node.Op as IEndsStream)?.MostPositions).Min();
        return new StreamPlan(new PlannedGraph(graph, calls, MemoryPlan.ForInference(calls, external)), state, inputs, outputs, most);
    }

    /// <summary>The bit by which the caller asks for the outputs.</summary>
    private const ulong AnyOutput = 1;
}
