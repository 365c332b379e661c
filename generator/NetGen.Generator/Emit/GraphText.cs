using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Ir;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Lowering;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>
/// The forward graph as it was before the passes, compactly: a line for each node, with its path, its layer as declared, its inputs as
/// numbers of earlier lines, and the shape of its output, between tabs. The runtime's <c>NetworkGraph</c> reads it.
/// </summary>
internal static class GraphText
{
    public static IReadOnlyList<string> Lines(InferredNetwork network)
    {
        // With the dropout that inference does without.
        Graph graph = NetworkPlan.Lower(network, NetworkLowering.Parameters(network), training: true);
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        Collect(network.Layers);
        var lines = new List<string>();
        var numbers = new Dictionary<Value, int>();
        for (int i = 0; i < graph.Inputs.Count; i++)
        {
            numbers[graph.Inputs[i]] = lines.Count;
            lines.Add(Line(network.Inputs[i].Name, "Input", [], network.Inputs[i].Shape));
        }
        foreach (Node node in graph.Nodes)
        {
            lines.Add(Line(PathOf(node.Name), node.Title, node.Inputs.Select(input => numbers[input]), node.Output!.Shape));
            foreach (Value value in node.ExtraOutputs.Append(node.Output))
                numbers[value] = lines.Count - 1;
        }
        foreach (LossSpec loss in network.Spec.Losses)
        {
            IEnumerable<int> outputs = network.OutputsOf(loss).Select(output => numbers[graph.Outputs[output]]);
            lines.Add(Line(loss.Name, LossRegistry.For(loss).Title(loss), outputs, null));
        }
        return lines;

        void Collect(IEnumerable<InferredLayer> layers)
        {
            foreach (InferredLayer layer in layers)
            {
                paths[GraphBuilder.NodeName(layer)] = layer.Path;
                Collect(layer.Members);
            }
        }

        // A layer of several nodes names all but one of them after itself, with a word behind.
        string PathOf(string name)
        {
            for (int length = name.Length; length > 0; length--)
            {
                if (paths.TryGetValue(name.Substring(0, length), out string? path))
                    return length == name.Length ? path : path + "." + char.ToLowerInvariant(name[length]) + name.Substring(length + 1);
            }
            return name;
        }
    }

    private static string Line(string path, string title, IEnumerable<int> inputs, TensorShape? shape)
        => string.Join("\t", path, title, string.Join(",", inputs.Select(i => Literals.Int(i))),
            shape is { } known ? string.Join(",", known.Dimensions.Select(d => Literals.Int(d))) : "");
}
