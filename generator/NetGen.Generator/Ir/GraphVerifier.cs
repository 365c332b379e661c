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
                if (!known.Contains(input))
                    throw Violation(node, $"reads {input} before it is computed");
                if (!input.Consumers.Contains(node))
                    throw Violation(node, $"is no consumer of {input}");
            }
            foreach (Value output in node.Outputs)
            {
                if (output.Producer != node)
                    throw Violation(node, $"is not the producer of {output}");
                known.Add(output);
            }
        }
        foreach (Value output in graph.Outputs.Concat(graph.InputGradients.OfType<Value>()))
        {
            if (!known.Contains(output))
                throw Violation(null, $"{output}, which the caller reads, is never computed");
        }
    }

    private static InvalidOperationException Violation(Node? node, string violation)
        => new($"Graph: {(node is null ? "" : node.Name + node.Verb + " ")}{violation}.");
}
