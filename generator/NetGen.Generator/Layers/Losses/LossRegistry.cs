using NetGen.Generator.Registration;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers.Losses;

/// <summary>Every kind of loss: what derives from <see cref="Loss"/> and says so by <see cref="KindAttribute"/>.</summary>
internal static class LossRegistry
{
    public static IReadOnlyList<Loss> All { get; } = Kinds.Of<Loss>();

    private static readonly Dictionary<string, Loss> ByAttribute = All.ToDictionary(loss => loss.AttributeName);

    private static readonly Dictionary<Type, Loss> BySpec = All.ToDictionary(loss => loss.SpecType);

    /// <summary>The loss that an attribute declares; null if the generator does not know it.</summary>
    public static Loss? FindByAttribute(string metadataName) => ByAttribute.TryGetValue(metadataName, out Loss? loss) ? loss : null;

    public static Loss For(LossSpec spec) => BySpec[spec.GetType()];
}
