using NetGen.Generator.Diagnostics;
using NetGen.Generator.Layers;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Inference;

/// <summary>One stack of layers, a network's or a block's, with what the messages need to know about the layer before.</summary>
/// <param name="scope">Prefix of the layers' paths, e.g. <c>residual1.</c>; empty for the network.</param>
/// <param name="firstSource">What gives the first layer's input, e.g. <c>the network's input</c>.</param>
/// <param name="known">The layers in front, to which this stack adds its own.</param>
internal sealed class StackInference(
    ICollection<Problem> problems, string scope, bool isInBlock, string firstSource, KnownLayers known, CancellationToken cancellationToken)
{
    private InferredInput _input;

    /// <summary>
    /// In front of the names of the layers whose tensors these use, where the block around uses another's; null where it has its own.
    /// </summary>
    public string? SharedScope { get; init; }

    /// <summary>What gives the current shape, for messages.</summary>
    public string Source { get; private set; } = firstSource;

    /// <summary>What leaves the last layer.</summary>
    public InferredInput Output { get; private set; }

    public EquatableArray<InferredLayer> Infer(EquatableArray<LayerSpec> layers, InferredInput input)
    {
        var inferred = new List<InferredLayer>(layers.Count);
        Output = input;
        _input = input;
        known.AddInput(scope, input);
        known.Declare(scope, layers);
        TensorShape flattenedFrom = TensorShape.Unknown;
        foreach (LayerSpec spec in layers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TensorShape before = Output.Shape;
            InferredLayer layer = Infer(spec, flattenedFrom);
            inferred.Add(layer);

            // Behind Flatten, "3136" is easier to understand as 64 × 7 × 7, also where Dropout or an activation lies between.
            if (LayerRegistry.For(spec).MergesDimensions && before.HasChannels && before.IsComplete && layer.Output.IsVector)
                flattenedFrom = before;
            else if (layer.Output != before)
                flattenedFrom = TensorShape.Unknown;
            Source = "the preceding " + LayerRegistry.For(spec).TypeName(spec);
            Output = new InferredInput(layer.Value, layer.Output);
        }
        return inferred.ToEquatableArray();
    }

    private InferredLayer Infer(LayerSpec spec, TensorShape flattenedFrom)
    {
        Layer layer = LayerRegistry.For(spec);
        string path = scope + spec.Name;
        var context = new LayerContext(problems, layer.TypeName(spec), path, isInBlock, Source, flattenedFrom, cancellationToken)
        {
            Input = Output.Shape,
            Known = known,
        };
        context.Resolve(layer.Reads(spec));
        NamedValue? owner = spec.Shares is null ? null : Sharing.Resolve(spec.Shares, context);
        string? sharedPath = owner?.Layer is { } named ? named.ParameterPath : SharedScope is null ? null : SharedScope + spec.Name;
        EquatableArray<InferredScope> scopes = InferScopes(spec, path, sharedPath, layer);

        var inputs = new List<InferredInput>();
        if (layer.ReadsPreceding)
            inputs.Add(Output);
        inputs.AddRange(context.Named.Select(named
            => named is null ? new InferredInput(ValueRef.Unresolved, TensorShape.Unknown) : new InferredInput(named.Value, named.Shape)));
        inputs.AddRange(scopes.Select(inner => inner.Output));
        IReadOnlyList<TensorShape> shapes = layer.Infer(spec, ElementRules.Check(layer, spec, inputs, context), context);

        EquatableArray<InferredOutput> outputs = layer.Ports(spec).Prepend("").Zip(shapes, (port, shape) => new InferredOutput(port, shape))
            .ToEquatableArray();
        EquatableArray<InferredInput> read = layer.ReadsShapesOnly ? EquatableArray<InferredInput>.Empty : inputs.ToEquatableArray();
        var inferred = new InferredLayer(spec, path, read, outputs, scopes) { SharedPath = sharedPath };
        if (owner?.Layer is { } other)
            Sharing.Check(inferred, other, context);
        known.Add(inferred);
        known.ImageIsGuess &= inferred.Output.HasChannels;
        return inferred;
    }

    /// <summary>The blocks of a layer, which know those in front of them.</summary>
    private EquatableArray<InferredScope> InferScopes(LayerSpec spec, string path, string? sharedPath, Layer layer)
    {
        var scopes = new List<InferredScope>(spec.Scopes.Count);
        InferredInput input = layer.EntryShape(spec) is { } given
            ? new InferredInput(new ValueRef(path, InferredPort.Input), given) : Output;
        string around = spec.IsNameless ? scope : path + ".";
        string? sharedAround = spec is { IsNameless: true, Shares: null } ? SharedScope : sharedPath is null ? null : sharedPath + ".";
        foreach (ScopeSpec inner in spec.Scopes)
        {
            string innerScope = inner.Name.Length == 0 ? around : around + inner.Name + ".", innerPath = innerScope.TrimEnd('.');
            var stack = new StackInference(problems, innerScope, isInBlock: true, "the block's input", known, cancellationToken)
            {
                SharedScope = sharedAround is null ? null : inner.Name.Length == 0 ? sharedAround : sharedAround + inner.Name + ".",
            };
            var inferred = new InferredScope(inner, innerPath, stack.Infer(inner.Layers, input), input, stack.Output);
            scopes.Add(inferred);
            if (inner.Name.Length > 0)
                known.Add(inferred.AsLayer);
            if (layer.ChainsScopes)
                input = stack.Output;
        }
        // In the scope of a block without a name "input" was what the block is given.
        if (spec.IsNameless)
            known.AddInput(scope, _input);
        return scopes.ToEquatableArray();
    }
}
