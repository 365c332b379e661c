namespace NetGen.Generator.Shapes;

/// <summary>The layers whose shapes have been inferred so far, and what their names mean.</summary>
/// <param name="isWhole">They are a network's; otherwise a block's, which may refer to layers around it.</param>
internal sealed class KnownLayers(bool isWhole)
{
    private readonly Dictionary<string, InferredLayer> _byPath = new(StringComparer.Ordinal);

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

    public void Add(InferredLayer layer) => _byPath[layer.Path] = layer;

    /// <summary>
    /// What a name means to the layer at a path: <c>name</c> or <c>name.port</c> beside the layer, then around the block that holds it, and
    /// so on outwards. Null if there is no such value so far.
    /// </summary>
    /// <param name="port">The output that a layer's name alone means; empty for the first. It need not exist: the reader then says
    /// why.</param>
    public NamedValue? Find(string path, string name, string port)
    {
        for (string scope = Scope(path); ; scope = Scope(scope.Substring(0, scope.Length - 1)))
        {
            string candidate = scope + name;
            if (_byPath.TryGetValue(candidate, out InferredLayer? layer))
                return new NamedValue(layer, port);
            int dot = candidate.LastIndexOf('.');
            if (dot >= 0 && _byPath.TryGetValue(candidate.Substring(0, dot), out layer) && candidate.Substring(dot + 1) is var written
                && (written == port || layer.Outputs.Any(output => output.Port == written && written.Length > 0)))
                return new NamedValue(layer, written);
            if (scope.Length == 0)
                return null;
        }
    }

    /// <summary>What stands in front of a layer's own name, with the dot; empty for the layers of the network itself.</summary>
    private static string Scope(string path) => path.Substring(0, path.LastIndexOf('.') + 1);
}

/// <summary>An output of a layer that another layer names.</summary>
/// <param name="Port">Empty for the first output.</param>
internal sealed record NamedValue(InferredLayer Layer, string Port)
{
    public ValueRef Value => new(Layer.Path, Port);

    /// <summary>Unknown where the layer has no such output.</summary>
    public TensorShape Shape => Layer.Outputs.FirstOrDefault(output => output.Port == Port).Shape;
}
