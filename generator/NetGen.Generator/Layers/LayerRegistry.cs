using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

/// <summary>Every kind of layer. A new layer is added here and nowhere else in the front end.</summary>
internal static class LayerRegistry
{
    public static IReadOnlyList<Layer> All { get; } = new Layer[]
    {
        new ActivationLayer(),
        new AdaptivePoolLayer(),
        new AlphaDropoutLayer(),
        new AvgPool2dLayer(),
        new BilinearLayer(),
        new BatchNormLayer(),
        new Conv2dLayer(),
        new ConvTranspose2dLayer(),
        new DropoutLayer(),
        new FlattenLayer(),
        new GroupNormLayer(),
        new IdentityLayer(),
        new InstanceNormLayer(),
        new LayerNormLayer(),
        new LinearLayer(),
        new LogSoftmaxLayer(),
        new PReLULayer(),
        new MaxPool2dLayer(),
        new MaxUnpool2dLayer(),
        new Pad2dLayer(),
        new ResidualLayer(),
        new SequentialLayer(),
        new SoftmaxLayer(),
        new UnflattenLayer(),
        new UnreadableLayer(),
        new UpsampleLayer(),
    };

    private static readonly Dictionary<string, Layer> ByAttribute =
        All.SelectMany(layer => layer.AttributeNames.Select(name => (name, layer))).ToDictionary(pair => pair.name, pair => pair.layer);

    private static readonly Dictionary<Type, Layer> BySpec = All.ToDictionary(layer => layer.SpecType);

    /// <summary>The layer that an attribute declares; null if there is none.</summary>
    /// <param name="metadataName">E.g. <c>NetGen.Conv2dAttribute</c>, <c>NetGen.ResidualAttribute`1</c>.</param>
    public static Layer? FindByAttribute(string metadataName) => ByAttribute.TryGetValue(metadataName, out Layer? layer) ? layer : null;

    public static Layer For(LayerSpec spec) => BySpec[spec.GetType()];
}
