using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Text;

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
    private readonly Dictionary<(Node, PreparedForm), long> _offsets = [];

    /// <param name="graphs">The graphs that read the buffer.</param>
    public PreparedWeights(IReadOnlyList<Graph> graphs)
    {
        ForInputGradientOnly = new HashSet<Node>(graphs.SelectMany(FindForInputGradientOnly));
        List<Node> nodes = graphs.SelectMany(graph => graph.Nodes).ToList();
        ScratchLength = nodes.Select(node => node.ScratchLength).DefaultIfEmpty(0).Max();
        foreach (Node node in nodes)
            node.PrepareWeights(this);
    }

    /// <summary>What prepares one node's weights: a kernel with its arguments, or a statement. Each divides its work among the workers.</summary>
    public sealed record Step(Node Node, Kernel? Kernel, string Text);

    public List<Step> Steps { get; } = [];

    /// <summary>Floats of scratch memory that each worker needs.</summary>
    public long ScratchLength { get; }

    public long Length { get; private set; }

    /// <summary>Backward nodes that no gradient of a parameter depends on.</summary>
    public HashSet<Node> ForInputGradientOnly { get; }

    /// <summary>Takes a part of the buffer for one node.</summary>
    public long Reserve(Node node, PreparedForm form, long length)
    {
        long offset = Length;
        _offsets.Add((node, form), offset);
        Length += length;
        return offset;
    }

    public void Add(Node node, string statement) => Steps.Add(new Step(node, null, statement));

    public void Add(Node node, Kernel kernel, string arguments) => Steps.Add(new Step(node, kernel, arguments));

    /// <summary>The address of what a node has reserved.</summary>
    public string AddressOf(Node node, PreparedForm form) => At(_offsets[(node, form)]);

    public static string At(long offset) => Literals.Plus("prepared", offset);

    private static IEnumerable<Node> FindForInputGradientOnly(Graph graph)
    {
        var needed = new HashSet<Node>();
        var open = new Stack<Node>(graph.BackwardNodes.Where(n => n.IsParameterGradient));
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
