using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Inference;

/// <summary>
/// The layers of one scope as a graph: which of them gives a value, and who else reads it, in the scope or elsewhere in the network.
/// </summary>
internal sealed class ScopeGraph
{
    private readonly Dictionary<string, InferredLayer> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<ValueRef, List<InferredLayer>> _readers;

    private ScopeGraph(EquatableArray<InferredLayer> layers, bool isInBlock, Dictionary<ValueRef, List<InferredLayer>> readers)
    {
        Layers = layers;
        IsInBlock = isInBlock;
        _readers = readers;
        foreach (InferredLayer layer in layers)
            _producers[layer.Path] = layer;
    }

    /// <summary>In the order of the declaration.</summary>
    public EquatableArray<InferredLayer> Layers { get; }

    /// <summary>The scope is a block's, where a network uses it.</summary>
    public bool IsInBlock { get; }

    /// <summary>All scopes of a network or of a block by itself, from the outermost inwards.</summary>
    public static IEnumerable<ScopeGraph> Of(EquatableArray<InferredLayer> layers)
    {
        var readers = new Dictionary<ValueRef, List<InferredLayer>>();
        Collect(layers);
        return Scopes(layers, isInBlock: false);

        void Collect(IEnumerable<InferredLayer> scope)
        {
            foreach (InferredLayer layer in scope)
            {
                foreach (InferredInput input in layer.Inputs)
                {
                    if (!readers.TryGetValue(input.Value, out List<InferredLayer>? list))
                        readers.Add(input.Value, list = []);
                    list.Add(layer);
                }
                foreach (InferredScope inner in layer.Scopes)
                    Collect(inner.Layers);
            }
        }

        IEnumerable<ScopeGraph> Scopes(EquatableArray<InferredLayer> scope, bool isInBlock) => scope
            .SelectMany(layer => layer.Scopes)
            .SelectMany(inner => Scopes(inner.Layers, isInBlock: true))
            .Prepend(new ScopeGraph(scope, isInBlock, readers));
    }

    /// <summary>The layer of this scope that gives what precedes a layer; null where that comes from outside.</summary>
    public InferredLayer? Before(InferredLayer layer) => layer.Inputs.Count == 0 ? null : Producer(layer.Inputs[0].Value);

    /// <summary>The layer of this scope that gives a value; null where it comes from outside.</summary>
    public InferredLayer? Producer(ValueRef value) => _producers.TryGetValue(value.Path, out InferredLayer? layer) ? layer : null;

    /// <summary>Some layer, of this scope or of another, reads what a layer gives, its further outputs included.</summary>
    public bool IsRead(InferredLayer layer)
        => layer.Outputs.Any(output => _readers.ContainsKey(layer.Value with { Port = output.Port }));

    /// <summary>Nothing but this layer, with what is in it, reads what precedes it.</summary>
    public bool IsOnlyReader(InferredLayer layer) => layer.Inputs.Count == 0 || _readers[layer.Inputs[0].Value].TrueForAll(
        reader => reader.Path == layer.Path || reader.Path.StartsWith(layer.Path + ".", StringComparison.Ordinal)
            || (layer.Spec.IsNameless && Holds(layer, reader)));

    private static bool Holds(InferredLayer layer, InferredLayer reader)
        => layer.Scopes.Any(scope => scope.Layers.Any(inner => inner.Path == reader.Path || Holds(inner, reader)));
}
