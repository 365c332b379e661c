using System.Numerics;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

/// <summary>Every kind of layer: what derives from <see cref="Layer"/> and says so by <see cref="KindAttribute"/>.</summary>
internal static class LayerRegistry
{
    public static IReadOnlyList<Layer> All { get; } = Kinds.Of<Layer>();

    private static readonly Dictionary<string, Layer> ByAttribute =
        All.SelectMany(layer => layer.AttributeNames.Select(name => (name, layer))).ToDictionary(pair => pair.name, pair => pair.layer);

    private static readonly Dictionary<Type, Layer> BySpec = All.ToDictionary(layer => layer.SpecType);

    /// <summary>The layer that an attribute declares; null if there is none.</summary>
    /// <param name="metadataName">E.g. <c>NetGen.Conv2dAttribute</c>, <c>NetGen.ResidualAttribute`1</c>.</param>
    public static Layer? FindByAttribute(string metadataName) => ByAttribute.TryGetValue(metadataName, out Layer? layer) ? layer : null;

    public static Layer For(LayerSpec spec) => BySpec[spec.GetType()];

    /// <summary>The layer, or one in its blocks, has parameters of its own to show.</summary>
    public static bool HasParameters(LayerSpec spec) => spec.Shares is null && For(spec).HasParameters(spec);

    /// <summary>
    /// The layer's own tensors, in PyTorch's order: none where it uses another's. Those of a block's layers are not among them.
    /// </summary>
    public static IReadOnlyList<LayerParameter> ParametersOf(InferredLayer layer)
        => layer.SharedPath is null ? For(layer.Spec).Parameters(layer) : [];

    /// <summary>Number of its own learnable scalars; see <see cref="Layer.CountParameters"/>.</summary>
    public static BigInteger CountParameters(InferredLayer layer)
        => layer.SharedPath is null ? For(layer.Spec).CountParameters(layer) : BigInteger.Zero;
}
