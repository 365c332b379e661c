using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu;

/// <summary>
/// Decides which values have their last dimension in the lanes, as the rows of features of a sequence have, and which their first, as
/// images have. What an op computes lies as its kernels want it; where another wants it otherwise, a copy is put between.
/// </summary>
internal sealed class ChooseFeatureLanes
{
    private readonly Dictionary<Value, bool?> _wanted = [];

    public static void Run(Graph graph) => new ChooseFeatureLanes().Choose(graph);

    private void Choose(Graph graph)
    {
        if (!graph.Nodes.Exists(node => LanesOf(node) == LaneDimension.Features) && !graph.Inputs.Exists(input => input.Shape.HasLengths))
            return;
        foreach (Value input in graph.Inputs)
            input.HasFeatureLanes = AreWanted(input) == true;
        foreach (Node node in graph.Nodes.ToList())
        {
            bool? lanes = Wanted(node);
            for (int port = 0; port < node.Inputs.Count; port++)
            {
                if (lanes is { } wanted && node.Inputs[port].Shape.HasChannels && node.Inputs[port].HasFeatureLanes != wanted)
                    CopyBefore(graph, node, port, wanted);
            }
            foreach (Value output in node.Outputs.Where(output => output.Shape.HasChannels))
                output.HasFeatureLanes = lanes ?? AreWanted(output) ?? (node.Cpu.KeepsDimensions && HasFeatureLanes(node) == true);
        }
    }

    /// <summary>What a node with values of several dimensions can have in the lanes.</summary>
    private static LaneDimension LanesOf(Node node)
        => node.Inputs.Concat(node.Outputs).Any(value => value.Shape.HasChannels) ? node.Cpu.Lanes : LaneDimension.Any;

    /// <summary>Whether all values of a node have their features in the lanes; null where each may be otherwise.</summary>
    private bool? Wanted(Node node) => LanesOf(node) switch
    {
        LaneDimension.Features => true,
        LaneDimension.Channels => false,
        LaneDimension.Either => HasFeatureLanes(node) ?? AreWanted(node.Outputs[0]) == true,
        _ => null,
    };

    /// <summary>
    /// Whether the first of a node's inputs with several dimensions has its features in the lanes; null where none has several.
    /// </summary>
    private static bool? HasFeatureLanes(Node node) => node.Inputs.Find(input => input.Shape.HasChannels)?.HasFeatureLanes;

    /// <summary>
    /// Whether the first reader that can have but one dimension in the lanes wants features there; null where all readers can have either.
    /// </summary>
    private bool? AreWanted(Value value)
    {
        if (!_wanted.TryGetValue(value, out bool? wanted))
            _wanted.Add(value, wanted = AreWantedByReaders(value));
        return wanted;
    }

    private bool? AreWantedByReaders(Value value)
    {
        // There are no channels where the first dimension is known at run time only.
        if (value.Shape.HasLengths)
            return true;
        foreach (Node consumer in value.Consumers)
        {
            switch (LanesOf(consumer))
            {
                case LaneDimension.Features:
                    return true;
                case LaneDimension.Channels:
                    return false;
                case LaneDimension.Either when AreWanted(consumer.Outputs[0]) is { } wanted:
                    return wanted;
            }
        }
        return null;
    }

    private static void CopyBefore(Graph graph, Node node, int port, bool featureLanes)
    {
        Value input = node.Inputs[port];
        string prefix = char.ToLowerInvariant(node.Name[0]) + node.Name.Substring(1);
        var copy = new Node(node.Name + "Copy", node.Title, MoveOp.Into(input.Shape, axis: 0, start: 0));
        Value output = graph.NewValue(prefix + "Copy", input.Shape);
        graph.InsertBefore(node, port, copy, output);
        output.HasFeatureLanes = featureLanes;
    }
}
