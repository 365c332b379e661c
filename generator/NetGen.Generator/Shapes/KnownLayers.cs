using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Shapes;

/// <summary>The layers whose shapes have been inferred so far, and what their names mean.</summary>
/// <param name="isWhole">They are a network's; otherwise a block's, which may refer to layers around it.</param>
internal sealed class KnownLayers(bool isWhole)
{
    /// <summary>The name of what a scope is given, inside of the scope.</summary>
    public const string InputName = "input";

    private readonly Dictionary<string, InferredLayer> _byPath = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InferredInput> _inputs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _declared = new(StringComparer.Ordinal);

    public bool IsWhole => isWhole;

    /// <summary>In the order of the declaration; those of blocks before the layers that use them.</summary>
    public IEnumerable<InferredLayer> All => _byPath.Values;

    /// <summary>What the network is given; unknown for a block by itself.</summary>
    public TensorShape Input { get; init; } = TensorShape.Unknown;

    /// <summary>
    /// A layer in front needed an image and got none, which was reported: the images since are what it would have given. Advice
    /// to flatten them would mend nothing.
    /// </summary>
    public bool ImageIsGuess { get; set; }

    public void Add(InferredLayer layer)
    {
        if (!layer.Spec.IsNameless)
            _byPath[layer.Path] = layer;
    }

    /// <summary>What the layers of a scope are given.</summary>
    /// <param name="scope">What stands in front of their own names, with the dot.</param>
    public void AddInput(string scope, InferredInput input) => _inputs[scope] = input;

    /// <summary>Layers of a scope, whether they are in front or not.</summary>
    public void Declare(string scope, IEnumerable<LayerSpec> layers)
    {
        foreach (LayerSpec layer in layers.SelectMany(layer => layer.Named))
            _declared.Add(scope + layer.Name);
    }

    /// <summary>A layer of that name is declared where a layer may look for it, but perhaps behind it.</summary>
    public bool IsDeclared(string path, string name) => ScopesOf(path).Any(scope => _declared.Contains(scope + name));

    /// <summary>The name most like one that means nothing; null where none is like it.</summary>
    public string? Nearest(string path, string name)
        => EditDistance.Nearest(name, ScopesOf(path)
            .SelectMany(scope => _byPath.Keys.Where(known => known.StartsWith(scope, StringComparison.Ordinal))
                .Select(known => known.Substring(scope.Length))));

    /// <summary>
    /// What a name means to the layer at a path: <c>name</c> or <c>name.port</c> beside the layer, then around the block that holds it, and
    /// so on outwards. Null if there is no such value so far.
    /// </summary>
    /// <param name="port">The output that a layer's name alone means; empty for the first. It need not exist: the reader then says
    /// why.</param>
    public NamedValue? Find(string path, string name, string port)
    {
        foreach (string scope in ScopesOf(path))
        {
            string candidate = scope + name;
            if (_byPath.TryGetValue(candidate, out InferredLayer? layer))
                return NamedValue.Of(layer, port);
            if (name == InputName && _inputs.TryGetValue(scope, out InferredInput input))
                return new NamedValue(input.Value, input.Shape, name, Layer: null);
            int dot = candidate.LastIndexOf('.');
            if (dot >= 0 && _byPath.TryGetValue(candidate.Substring(0, dot), out layer) && candidate.Substring(dot + 1) is var written
                && (written == port || layer.Outputs.Any(output => output.Port == written && written.Length > 0)))
                return NamedValue.Of(layer, written);
        }
        return null;
    }

    /// <summary>The scopes in which a layer looks for names, from its own outwards, each as what stands in front of its names.</summary>
    private static IEnumerable<string> ScopesOf(string path)
    {
        string scope = path;
        do
        {
            scope = Scope(scope.TrimEnd('.'));
            yield return scope;
        }
        while (scope.Length > 0);
    }

    /// <summary>What stands in front of a layer's own name, with the dot; empty for the layers of the network itself.</summary>
    private static string Scope(string path) => path.Substring(0, path.LastIndexOf('.') + 1);
}

/// <summary>A value that a layer names.</summary>
/// <param name="Shape">Unknown where there is no such value.</param>
/// <param name="Name">What it is called in messages.</param>
/// <param name="Layer">Whose output it is; null for what a scope is given.</param>
internal sealed record NamedValue(ValueRef Value, TensorShape Shape, string Name, InferredLayer? Layer)
{
    /// <param name="port">Empty for the first output; the layer need not have the port, the reader then says why.</param>
    public static NamedValue Of(InferredLayer layer, string port) => new(
        new ValueRef(layer.Path, port), layer.Outputs.FirstOrDefault(output => output.Port == port).Shape, layer.Path, layer);
}
