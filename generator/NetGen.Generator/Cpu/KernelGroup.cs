using System.Text;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu;

/// <summary>
/// Nodes of one graph whose kernels are the same, for their ops, shapes, layouts and packed parameters are equal: what each of them calls
/// is made and rendered once, and called after what it computes instead of after one of the layers.
/// </summary>
internal sealed class KernelGroup
{
    /// <summary>Layers that a heading names.</summary>
    private const int NamedLayers = 3;

    private readonly Dictionary<(bool IsPreparation, int Index), Kernel> _kernels = [];

    private KernelGroup(IReadOnlyList<Node> nodes)
    {
        Stem = StemOf(nodes[0].Title);
        List<string> layers = nodes.Select(node => node.Name).Distinct().ToList();
        string more = layers.Count > NamedLayers ? $" and {Literals.Int(layers.Count - NamedLayers)} more" : "";
        Heading = $"{nodes[0].Title} of {string.Join(", ", layers.Take(NamedLayers))}{more}";
    }

    /// <summary>The stem of the emitted methods' names, e.g. <c>Linear256x768</c>.</summary>
    public string Stem { get; }

    /// <summary>The layer as declared, and what layers they are.</summary>
    public string Heading { get; }

    /// <summary>Finds the groups of a graph with layouts.</summary>
    public static void Find(Graph graph)
    {
        foreach (IGrouping<int, Node> group in graph.Nodes.GroupBy(new NodeFacts().Of))
        {
            List<Node> nodes = group.ToList();
            if (nodes.Select(node => node.Name).Distinct().Count() < 2)
                continue;
            var shared = new KernelGroup(nodes);
            foreach (Node node in nodes)
                node.Cpu.Group = shared;
        }
    }

    /// <summary>The group's form of a kernel.</summary>
    /// <param name="isPreparation">It is one of those that derive something from the weights.</param>
    /// <param name="index">Which of the node's kernels it is.</param>
    public Kernel Share(Kernel kernel, bool isPreparation, int index)
    {
        if (!_kernels.TryGetValue((isPreparation, index), out Kernel? shared))
            _kernels.Add((isPreparation, index), shared = kernel);
        if (shared.Name != kernel.Name || shared.Parameters.Declaration() != kernel.Parameters.Declaration())
            throw new InvalidOperationException($"Equal nodes have the kernels {shared.Name} and {kernel.Name}.");
        return shared;
    }

    /// <summary><c>Conv2d(16, 32, 3, padding 1)</c> → <c>Conv2d16x32x3Padding1</c>.</summary>
    private static string StemOf(string title)
    {
        var stem = new StringBuilder();
        var word = new StringBuilder();
        foreach (char c in title + ")")
        {
            if (c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9'))
                word.Append(c);
            else if (c == '.' && word.Length > 0)
                word.Append('p');
            else if (c is '-' or '−')
                word.Append("Minus");
            else
                Flush();
        }
        return stem.ToString();

        void Flush()
        {
            if (word.Length == 0)
                return;
            if (char.IsDigit(word[0]) && stem.Length > 0 && char.IsDigit(stem[stem.Length - 1]))
                stem.Append('x');
            stem.Append(char.ToUpperInvariant(word[0])).Append(word.ToString(1, word.Length - 1));
            word.Clear();
        }
    }

    /// <summary>Numbers for all that a node's kernels depend on.</summary>
    private sealed class NodeFacts
    {
        private readonly FactNumbers _facts = new();
        private readonly Dictionary<Value, int> _values = [];

        public int Of(Node node)
        {
            int all = Add(_facts.Of(node.Title, node.Cpu.KernelOp, node.Cpu.KernelState ?? nameof(node.Cpu.KernelState)), node);
            foreach (ParameterUse use in node.Parameters)
                all = _facts.Join(all, _facts.Of(use.Slot, KernelSelection.Shape(use.Parameter), use.Parameter.Packed));
            return node.Forward is { } forward ? Add(_facts.Join(all, _facts.Of(forward.Cpu.KernelOp)), forward) : all;
        }

        private int Add(int all, Node node)
        {
            all = _facts.Join(all, _facts.Of(node.Inputs.Count, node.Outputs.Count));
            foreach (Value value in node.Inputs.Concat(node.Outputs))
                all = _facts.Join(all, Of(value));
            return all;
        }

        private int Of(Value value)
        {
            if (!_values.TryGetValue(value, out int number))
            {
                // The values of a node that another has taken over are never stored.
                number = value.HasLayout
                    ? _facts.Of(value.Shape, value.Layout, value.FlattenedFrom ?? TensorShape.Unknown, value.AliasOf is not null)
                    : _facts.Of(value.Shape);
                _values.Add(value, number);
            }
            return number;
        }
    }
}
