using NetGen.Generator.Ir;

namespace NetGen.Generator.Passes;

/// <summary>
/// The memory that a network needs for activations, whatever the layouts: the figure behind <c>ActivationBytes</c> and budgets.
/// </summary>
internal static class ActivationMemory
{
    /// <summary>The most bytes alive at one time in the forward pass of one sample, and the node at which they are.</summary>
    /// <param name="At">Name and title of that node; null where the network computes nothing.</param>
    public sealed record Peak(long Bytes, string? At);

    /// <param name="graph">Of inference, with its fusions: what is fused into the node before never is in memory.</param>
    public static Peak Of(Graph graph)
    {
        // From the node that computes a value, -1 for the network's input, to the last that reads it.
        Dictionary<Value, (int First, int Last)> lives = graph.Inputs.ToDictionary(input => input, _ => (-1, -1));
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            Node node = graph.Nodes[i];
            foreach (Value input in node.Inputs)
                lives[Storage(input)] = (lives[Storage(input)].First, i);
            foreach (Value written in node.ExtraOutputs.Append(node.Output).OfType<Value>().Where(value => Storage(value) == value))
                lives[written] = (i, i);
        }
        foreach (Value output in graph.Outputs)
            lives[Storage(output)] = (lives[Storage(output)].First, graph.Nodes.Count);

        var peak = new Peak(graph.Inputs.Sum(Bytes), null);
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            long alive = lives.Where(life => life.Value.First <= i && i <= life.Value.Last).Sum(life => Bytes(life.Key));
            if (alive > peak.Bytes)
                peak = new Peak(alive, $"{graph.Nodes[i].Name}, {graph.Nodes[i].Title}");
        }
        return peak;
    }

    /// <summary>The value whose memory this one is: a flattened image is the image.</summary>
    private static Value Storage(Value value) => value.Producer is { Op: FlattenOp } flatten ? Storage(flatten.Input) : value;

    private static long Bytes(Value value) => (long)sizeof(float) * value.Shape.Size;
}
