namespace NetGen.Generator.Ir;

/// <summary>What every pass must leave true. A violation is an error of the generator, not of the user's.</summary>
internal static class GraphVerifier
{
    public static void Verify(Graph graph)
    {
        var known = new HashSet<Value>(graph.Inputs.Concat(graph.OutputGradients));
        foreach (Node node in graph.Nodes)
        {
            foreach (Value input in node.Inputs)
            {
                Require(known.Contains(input), node, $"reads {input} before it is computed");
                Require(input.Consumers.Contains(node), node, $"is no consumer of {input}");
            }
            foreach (Value output in node.Outputs)
            {
                Require(output.Producer == node, node, $"is not the producer of {output}");
                known.Add(output);
            }
        }
        foreach (Value output in graph.Outputs)
            Require(known.Contains(output), null, $"the output {output} is never computed");
    }

    private static void Require(bool condition, Node? node, string violation)
    {
        if (!condition)
            throw new InvalidOperationException($"Graph: {(node is null ? "" : node.Name + node.Verb + " ")}{violation}.");
    }
}
