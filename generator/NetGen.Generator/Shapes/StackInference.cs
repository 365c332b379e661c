using NetGen.Generator.Diagnostics;
using NetGen.Generator.Layers;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Shapes;

/// <summary>The layers whose shapes have been inferred so far, by path.</summary>
/// <param name="IsWhole">They are a network's; otherwise a block's, which may refer to layers around it.</param>
internal sealed record KnownLayers(bool IsWhole)
{
    public Dictionary<string, InferredLayer> ByPath { get; } = new(StringComparer.Ordinal);

    /// <summary>What the network is given; unknown for a block by itself.</summary>
    public TensorShape Input { get; init; } = TensorShape.Unknown;

    /// <summary>
    /// A layer in front needed an image and got none, which was reported: the images since are what it would have given. Advice
    /// to flatten them would mend nothing.
    /// </summary>
    public bool ImageIsGuess { get; set; }

    /// <summary>The layer that a name means at a path; null if there is none so far.</summary>
    public InferredLayer? Find(string path, string name)
        => Candidates(path, name).Select(candidate => ByPath.TryGetValue(candidate, out InferredLayer? layer) ? layer : null).FirstOrDefault(layer => layer is not null);

    /// <summary>The paths that a name may mean: beside the layer, then around the block that holds it, and so on outwards.</summary>
    public static IEnumerable<string> Candidates(string path, string name)
    {
        for (int end = path.LastIndexOf('.'); end >= 0; end = end == 0 ? -1 : path.LastIndexOf('.', end - 1))
            yield return path.Substring(0, end + 1) + name;
        yield return name;
    }
}

/// <summary>One stack of layers, a network's or a block's, with what the messages need to know about the layer before.</summary>
/// <param name="scope">Prefix of the layers' paths, e.g. <c>residual1.</c>; empty for the network.</param>
/// <param name="firstSource">What gives the first layer's input, e.g. <c>the network's input</c>.</param>
/// <param name="known">The layers in front, to which this stack adds its own.</param>
internal sealed class StackInference(ICollection<Problem> problems, string scope, bool isInBlock, string firstSource, KnownLayers known, CancellationToken cancellationToken)
{
    /// <summary>What gives the current shape, for messages.</summary>
    public string Source { get; private set; } = firstSource;

    /// <summary>The shape that leaves the last layer.</summary>
    public TensorShape Output { get; private set; }

    public EquatableArray<InferredLayer> Infer(EquatableArray<LayerSpec> layers, TensorShape input)
    {
        var inferred = new List<InferredLayer>(layers.Count);
        TensorShape shape = input, flattenedFrom = TensorShape.Unknown;
        foreach (LayerSpec spec in layers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Layer layer = LayerRegistry.For(spec);
            string typeName = layer.TypeName(spec);
            var context = new LayerContext(problems, typeName, scope + spec.Name, isInBlock, Source, flattenedFrom, cancellationToken) { Input = shape, Known = known };
            TensorShape output = layer.Infer(spec, shape, context);
            var here = new InferredLayer(spec, scope + spec.Name, shape, output, context.Body) { Second = context.Second };
            inferred.Add(here);
            known.ByPath[here.Path] = here;
            known.ImageIsGuess &= output.HasChannels;

            // Behind Flatten, "3136" is easier to understand as 64 × 7 × 7, also where Dropout or an activation lies between.
            if (spec is FlattenSpec && shape.HasChannels && shape.IsComplete && output.IsVector)
                flattenedFrom = shape;
            else if (output != shape)
                flattenedFrom = TensorShape.Unknown;
            Source = "the preceding " + typeName;
            shape = output;
        }
        new StackRules(scope, isInBlock, problems).Check(layers, inferred);
        Output = shape;
        return inferred.ToEquatableArray();
    }
}
