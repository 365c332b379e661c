using System.Diagnostics.CodeAnalysis;

namespace NetGen.Cuda;

/// <summary>The graphs that were launched last, by what they are of. Nothing is allocated where one is there.</summary>
/// <param name="capacity">How many are kept.</param>
internal sealed class CudaGraphs<TKey>(int capacity) : IDisposable
    where TKey : struct, IEquatable<TKey>
{
    // The newest first.
    private readonly List<(TKey Key, CudaGraph Graph)> _graphs = new(capacity);

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out CudaGraph graph)
    {
        for (int at = 0; at < _graphs.Count; at++)
        {
            if (!_graphs[at].Key.Equals(key))
                continue;
            (TKey Key, CudaGraph Graph) known = _graphs[at];
            if (at > 0)
            {
                _graphs.RemoveAt(at);
                _graphs.Insert(0, known);
            }
            graph = known.Graph;
            return true;
        }
        graph = null;
        return false;
    }

    /// <summary>Keeps one more, in the place of that which was launched longest ago where there are too many.</summary>
    public void Add(TKey key, CudaGraph graph)
    {
        if (_graphs.Count == capacity)
        {
            _graphs[^1].Graph.Dispose();
            _graphs.RemoveAt(capacity - 1);
        }
        _graphs.Insert(0, (key, graph));
    }

    public void Dispose()
    {
        foreach ((_, CudaGraph graph) in _graphs)
            graph.Dispose();
        _graphs.Clear();
    }
}
