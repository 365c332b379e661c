namespace NetGen.Generator.Ir;

/// <summary>What every pass must leave true. A violation is an error of the generator, not of the user's.</summary>
internal static class GraphVerifier
{
    public static void Verify(Graph graph)
    {
        var known = new HashSet<Value> { graph.Input };
        if (graph.OutputGradient is { } outputGradient)
            known.Add(outputGradient);
        foreach (Node node in graph.Nodes)
        {
            foreach (Value input in node.Inputs)
            {
                Require(known.Contains(input), node, $"reads {input} before it is computed");
                Require(input.Consumers.Contains(node), node, $"is no consumer of {input}");
            }
            if (node.Output is { } output)
            {
                Require(output.Producer == node, node, $"is not the producer of {output}");
                known.Add(output);
            }
            known.UnionWith(node.ExtraOutputs);
        }
        Require(known.Contains(graph.Output), null, $"the output {graph.Output} is never computed");
    }

    private static void Require(bool condition, Node? node, string violation)
    {
        if (!condition)
            throw new InvalidOperationException($"Graph: {(node is null ? "" : node.Name + node.Verb + " ")}{violation}.");
    }
}
