using System.Globalization;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu;

/// <summary>
/// Where a stream keeps what its ops need of the past, in one buffer: first what must be zero before the first step, then what is written
/// before it is read, which need not be cleared.
/// </summary>
internal sealed class StreamState
{
    private readonly Dictionary<Node, long> _offsets = [];

    public StreamState(Graph graph)
    {
        Place(node => node.Cpu.StateLength);
        ClearedLength = Length;
        Place(node => node.Cpu.CacheLength);
        SizeLimitException.CheckBuffer("What a stream keeps is too large", [Length]);

        void Place(Func<Node, long> length)
        {
            foreach (Node node in graph.Nodes.Where(node => length(node) > 0))
            {
                _offsets.Add(node, Length);
                Length += (length(node) + Layout.Block - 1) / Layout.Block * Layout.Block;
            }
        }
    }

    /// <summary>Floats of the buffer.</summary>
    public long Length { get; private set; }

    /// <summary>Floats at its start that are zero before the first step.</summary>
    public long ClearedLength { get; }

    /// <summary>A number that streams which keep other things have another of, with hardly an exception.</summary>
    public string Form
    {
        get
        {
            // FNV-1a, which is the same on every machine.
            ulong hash = 14695981039346656037;
            foreach (KeyValuePair<Node, long> place in _offsets.OrderBy(place => place.Value))
            {
                Node node = place.Key;
                string own = $"{node.Layer} {node.Name} {node.Op.GetType().Name} {node.Input.Shape} {node.Output?.Shape}";
                foreach (char c in $"{own} {Invariant.Text(place.Value)} of {Invariant.Text(Length)};")
                    hash = unchecked((hash ^ c) * 1099511628211);
            }
            return hash.ToString("x16", CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Where a node's floats begin.</summary>
    public long OffsetOf(Node node) => _offsets[node];

    /// <summary>The nodes that keep something, and those on whose results they depend: what every step has to compute.</summary>
    public HashSet<Node> Needed()
    {
        var needed = new HashSet<Node>();
        var open = new Stack<Node>(_offsets.Keys);
        while (open.Count > 0)
        {
            Node node = open.Pop();
            if (!needed.Add(node))
                continue;
            foreach (Node producer in node.Inputs.Select(input => input.Producer).OfType<Node>())
                open.Push(producer);
        }
        return needed;
    }
}
