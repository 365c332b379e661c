using System.Globalization;

namespace NetGen;

/// <summary>The graph of a compiled network, as it is declared: what the generated property <c>Graph</c> gives.</summary>
public sealed class NetworkGraph
{
    private NetworkGraph(IReadOnlyList<NetworkGraphNode> nodes) => Nodes = nodes;

    /// <summary>The nodes, each behind those it reads; the first is the input, and the last the loss, where the network has one.</summary>
    public IReadOnlyList<NetworkGraphNode> Nodes { get; }

    /// <summary>
    /// Reads a graph from text: a line for each node with path, operation, inputs as numbers of earlier lines, and shape of the output,
    /// between tabs.
    /// </summary>
    /// <param name="text">The text, lines ended by <c>\n</c>.</param>
    /// <exception cref="FormatException">A line is not such a line; the message names it.</exception>
    public static NetworkGraph Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] lines = text.Split('\n');
        var nodes = new NetworkGraphNode[lines.Length];
        for (int i = 0; i < lines.Length; i++)
        {
            string[] parts = lines[i].Split('\t');
            if (parts.Length != 4)
                throw new FormatException($"Line {i + 1}: expected path, operation, inputs and shape between tabs, got \"{lines[i]}\".");
            int[] inputs = Numbers(parts[2], i);
            foreach (int input in inputs)
            {
                if (input >= i)
                    throw new FormatException($"Line {i + 1}: expected inputs on earlier lines, got number {input}.");
            }
            nodes[i] = new NetworkGraphNode(parts[0], parts[1], Array.ConvertAll(inputs, input => nodes[input].Path), Numbers(parts[3], i));
        }
        return new NetworkGraph(nodes);
    }

    private static int[] Numbers(string text, int line)
    {
        if (text.Length == 0)
            return [];
        return Array.ConvertAll(text.Split(','), part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new FormatException($"Line {line + 1}: expected whole numbers and commas, got \"{text}\"."));
    }
}

/// <summary>A layer in a <see cref="NetworkGraph"/>.</summary>
/// <param name="Path">Dotted name, e.g. <c>residual1.conv2</c>: the prefix of its parameters' names in files.</param>
/// <param name="Operation">The layer with its arguments, e.g. <c>Conv2d(1, 6, 5, padding 2)</c>.</param>
/// <param name="Inputs">Paths of the nodes it reads.</param>
/// <param name="Shape">Dimensions of one sample of its output; none for a loss.</param>
public sealed record NetworkGraphNode(string Path, string Operation, IReadOnlyList<string> Inputs, IReadOnlyList<int> Shape)
{
    /// <summary>The operation without arguments, e.g. <c>Conv2d</c>.</summary>
    public string Kind => Operation.IndexOf('(') is >= 0 and var end ? Operation[..end] : Operation;
}
