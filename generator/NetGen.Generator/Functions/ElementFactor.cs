using NetGen.Generator.Specs;

namespace NetGen.Generator.Functions;

/// <summary>A constant of a loss: one value for each output, or for each channel of an image, or one for all.</summary>
internal sealed record ElementFactor(string Name, EquatableArray<float> Values)
{
    /// <summary>The factor of the element.</summary>
    public ElementValue Element => ElementValue.Named(Name);
}
