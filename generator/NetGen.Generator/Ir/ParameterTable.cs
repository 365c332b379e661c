using NetGen.Generator.Shapes;

namespace NetGen.Generator.Ir;

/// <summary>The tensors of a network, in file order.</summary>
internal sealed class ParameterTable
{
    private readonly Dictionary<string, ParameterInfo> _byPath = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<ParameterInfo>> _byLayer = new(StringComparer.Ordinal);

    public List<ParameterInfo> All { get; } = [];

    /// <summary>The network's own tensors, and its parts with theirs.</summary>
    public ParameterPart Whole { get; } = new("", IsFrozen: false);

    public ParameterInfo this[string path] => _byPath[path];

    public ParameterInfo? Find(string path) => _byPath.TryGetValue(path, out ParameterInfo? parameter) ? parameter : null;

    /// <summary>The tensors of one layer, in PyTorch's order; none if it has none itself.</summary>
    public IReadOnlyList<ParameterInfo> Of(InferredLayer layer)
        => _byLayer.TryGetValue(layer.Path, out List<ParameterInfo>? own) ? own : [];

    /// <summary>Appends a tensor of a layer.</summary>
    public void Add(InferredLayer layer, ParameterInfo parameter)
    {
        All.Add(parameter);
        _byPath.Add(parameter.Path, parameter);
        if (!_byLayer.TryGetValue(layer.Path, out List<ParameterInfo>? own))
            _byLayer.Add(layer.Path, own = []);
        own.Add(parameter);
    }
}

/// <summary>The tensors of a network without those of its parts, and the parts.</summary>
/// <param name="Path">Of the layer that the network is in another; empty for the outermost.</param>
/// <param name="IsFrozen">The network around leaves it as it is.</param>
internal sealed record ParameterPart(string Path, bool IsFrozen)
{
    public List<ParameterInfo> Own { get; } = [];

    public List<ParameterPart> Parts { get; } = [];
}
