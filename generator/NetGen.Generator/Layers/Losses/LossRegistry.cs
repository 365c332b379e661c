using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers.Losses;

/// <summary>Every kind of loss. A new loss is added here and nowhere else in the front end.</summary>
internal static class LossRegistry
{
    public static IReadOnlyList<Loss> All { get; } =
    [
        new BCELoss(),
        new BCEWithLogitsLoss(),
        new CosineEmbeddingLoss(),
        new CrossEntropyLoss(),
        new HuberLoss(),
        new KLDivLoss(),
        new L1Loss(),
        new MSELoss(),
        new NLLLoss(),
        new SmoothL1Loss(),
    ];

    private static readonly Dictionary<string, Loss> ByAttribute = All.ToDictionary(loss => loss.AttributeName);

    private static readonly Dictionary<Type, Loss> BySpec = All.ToDictionary(loss => loss.SpecType);

    /// <summary>The loss that an attribute declares; null if the generator does not know it.</summary>
    public static Loss? FindByAttribute(string metadataName) => ByAttribute.TryGetValue(metadataName, out Loss? loss) ? loss : null;

    public static Loss For(LossSpec spec) => BySpec[spec.GetType()];
}
