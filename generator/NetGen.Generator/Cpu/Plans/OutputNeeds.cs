using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Plans;

/// <summary>
/// Which of a network's outputs need which nodes and inputs, as sets of bits: that of output 0 is 1. The highest bit stands for what no
/// output needs, and is asked for together with all of them only.
/// </summary>
internal sealed class OutputNeeds
{
    /// <summary>Beyond it outputs are computed together only.</summary>
    private const int MaxOutputs = 63;

    private const ulong Unread = 1UL << MaxOutputs;

    private readonly Graph _graph;
    private readonly Dictionary<Node, ulong> _ofNodes = [];

    /// <param name="graph">Of inference.</param>
    public OutputNeeds(Graph graph)
    {
        _graph = graph;
        for (int i = 0; i < graph.Outputs.Count && graph.Outputs.Count <= MaxOutputs; i++)
            Visit(graph.Outputs[i].Producer, 1UL << i);
        Alone = graph.Outputs.Count is 1 or > MaxOutputs
            ? [] : [.. Enumerable.Range(0, graph.Outputs.Count).Where(i => NeedsLess(1UL << i) && InputsOf(i).Count > 0)];
    }

    /// <summary>The outputs that need less than all together do, so that each can be had alone for less.</summary>
    public IReadOnlyList<int> Alone { get; init; }

    /// <summary>The inputs that an output depends on.</summary>
    public IReadOnlyList<int> InputsOf(int output)
        => [.. Enumerable.Range(0, _graph.Inputs.Count).Where(i => (OfInput(i) & (1UL << output)) != 0)];

    /// <summary>The outputs for whose sake a node is computed; null where it is for all.</summary>
    public ulong? Computed(Node node) => Condition(Of(node));

    /// <summary>The same of what is loaded of an input.</summary>
    public ulong? Loaded(int input) => Condition(OfInput(input));

    /// <summary>The same of what is stored of an output.</summary>
    public ulong? Stored(int output) => Condition(1UL << output);

    private ulong? Condition(ulong needs)
        => Alone.Count == 0 || needs == (1UL << _graph.Outputs.Count) - 1 ? null : needs == 0 ? Unread : needs;

    private ulong Of(Node node) => _ofNodes.TryGetValue(node, out ulong needs) ? needs : 0;

    private ulong OfInput(int index)
    {
        Value input = _graph.Inputs[index];
        ulong needs = input.Consumers.Aggregate(0UL, (all, consumer) => all | Of(consumer));
        for (int i = 0; i < _graph.Outputs.Count; i++)
            needs |= _graph.Outputs[i] == input ? 1UL << i : 0;
        return needs;
    }

    private bool NeedsLess(ulong output)
        => _ofNodes.Values.Any(needs => (needs & output) == 0)
            || Enumerable.Range(0, _graph.Inputs.Count).Any(i => OfInput(i) is not 0 and var needs && (needs & output) == 0);

    private void Visit(Node? last, ulong output)
    {
        var open = new Stack<Node>();
        if (last is not null)
            open.Push(last);
        while (open.Count > 0)
        {
            Node node = open.Pop();
            if ((Of(node) & output) != 0)
                continue;
            _ofNodes[node] = Of(node) | output;
            foreach (Value input in node.Inputs)
            {
                if (input.Producer is { } producer)
                    open.Push(producer);
            }
        }
    }
}
