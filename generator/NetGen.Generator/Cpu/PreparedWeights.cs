using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu;

/// <summary>A form in which kernels read weights, other than as they lie.</summary>
internal enum PreparedForm
{
    /// <summary>Inputs and outputs exchanged, for input gradients.</summary>
    Transposed,

    /// <summary>At Winograd's points.</summary>
    Winograd,

    /// <summary>Coefficients of a batch normalisation, a run of channels for each kind.</summary>
    Normalization,

    /// <summary>Times the scale of the batch normalisation behind them.</summary>
    Folded,

    /// <summary>The bias that goes with <see cref="Folded"/>.</summary>
    FoldedBias,

    /// <summary>No weights but their gradient's sums at Winograd's points.</summary>
    WinogradSums,
}

/// <summary>
/// What the passes derive from the weights, in one buffer: copies with inputs and outputs exchanged, and weights at Winograd's points. Made
/// anew whenever the parameters may have changed; each node lists its own.
/// </summary>
internal sealed class PreparedWeights
{
    /// <summary>The slot of most nodes' weights.</summary>
    public const string Weight = "weight";

    private readonly Dictionary<(Node, PreparedForm, string Slot), long> _offsets = [];

    /// <param name="graphs">The graphs that read the buffer.</param>
    public PreparedWeights(IReadOnlyList<Graph> graphs)
    {
        ForInputGradientOnly = new HashSet<Node>(graphs.SelectMany(FindForInputGradientOnly));
        foreach (Graph graph in graphs)
            KernelGroup.Find(graph);
        List<Node> nodes = graphs.SelectMany(graph => graph.Nodes).ToList();
        ScratchLength = nodes.Select(node => node.Cpu.ScratchLength).DefaultIfEmpty(0).Max();
        foreach (Node node in nodes)
            node.Cpu.PrepareWeights(this);
    }

    /// <summary>A call that prepares one node's weights; the workers divide its work.</summary>
    public abstract record Step(Node Node);

    public sealed record KernelStep(Node Node, Kernel Kernel, IReadOnlyList<Argument> Arguments) : Step(Node)
    {
        public IReadOnlyList<Argument> Arguments { get; } = Kernel.Check(Arguments);
    }

    public sealed record RuntimeStep(Node Node, RuntimeCall Call) : Step(Node);

    public List<Step> Steps { get; } = [];

    /// <summary>Floats of scratch memory that each worker needs.</summary>
    public long ScratchLength { get; }

    public long Length { get; private set; }

    /// <summary>Backward nodes that no gradient of a parameter depends on.</summary>
    public HashSet<Node> ForInputGradientOnly { get; }

    /// <summary>Takes a part of the buffer for one node.</summary>
    /// <param name="slot">Of the weights, where a node has several.</param>
    public long Reserve(Node node, PreparedForm form, long length, string slot = Weight)
    {
        long offset = Length;
        _offsets.Add((node, form, slot), offset);
        Length += length;
        return offset;
    }

    public void Add(Node node, RuntimeCall call) => Steps.Add(new RuntimeStep(node, call));

    public void Add(Node node, Kernel kernel, params Argument[] arguments)
    {
        // A node lists its steps one behind the other.
        int index = 0;
        while (index < Steps.Count && Steps[Steps.Count - 1 - index].Node == node)
            index++;
        Steps.Add(new KernelStep(node, node.Cpu.Group is { } group ? group.Share(kernel, isPreparation: true, index) : kernel, arguments));
    }

    /// <summary>What a node has reserved.</summary>
    public PreparedArgument Find(Node node, PreparedForm form, string slot = Weight) => new(_offsets[(node, form, slot)]);

    private static IEnumerable<Node> FindForInputGradientOnly(Graph graph)
    {
        var needed = new HashSet<Node>();
        var open = new Stack<Node>(graph.BackwardNodes.Where(n => n.Op.IsParameterGradient));
        while (open.Count > 0)
        {
            Node node = open.Pop();
            if (!needed.Add(node))
                continue;
            foreach (Value input in node.Inputs)
            {
                if (input.Producer is { } producer)
                    open.Push(producer);
            }
        }
        return graph.BackwardNodes.Where(n => !graph.LossNodes.Contains(n) && !needed.Contains(n));
    }
}
