using NetGen.Generator.Layers;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Ir;

/// <summary>The tensors of a network, in file order.</summary>
internal sealed class ParameterTable
{
    private readonly Dictionary<string, ParameterInfo> _byPath = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<ParameterInfo>> _byLayer = new(StringComparer.Ordinal);

    public ParameterTable(InferredNetwork network) => Collect(network.Layers);

    public List<ParameterInfo> All { get; } = [];

    public ParameterInfo this[string path] => _byPath[path];

    public ParameterInfo? Find(string path) => _byPath.TryGetValue(path, out ParameterInfo? parameter) ? parameter : null;

    /// <summary>The tensors of one layer, in PyTorch's order; none if it has none itself.</summary>
    public IReadOnlyList<ParameterInfo> Of(InferredLayer layer) => _byLayer.TryGetValue(layer.Path, out List<ParameterInfo>? own) ? own : [];

    private void Collect(IEnumerable<InferredLayer> layers)
    {
        foreach (InferredLayer layer in layers)
        {
            foreach (LayerParameter parameter in LayerRegistry.For(layer.Spec).Parameters(layer))
            {
                var info = new ParameterInfo(layer.Path + "." + parameter.Name, parameter.Shape, parameter.Role, parameter.FanIn, parameter.FanOut, parameter.InitialValue);
                All.Add(info);
                _byPath.Add(info.Path, info);
                if (!_byLayer.TryGetValue(layer.Path, out List<ParameterInfo>? own))
                    _byLayer.Add(layer.Path, own = []);
                own.Add(info);
            }
            Collect(layer.Members);
        }
    }
}
