namespace NetGen.Generator.Specs;

/// <summary>A network as a layer of another.</summary>
/// <param name="Title">As it is declared, e.g. <c>Part&lt;Generator&gt;</c>.</param>
/// <param name="FullName">The class of the network, as code anywhere may call it.</param>
/// <param name="Access">Of the property that gives it: <c>public</c> or <c>internal</c>.</param>
/// <param name="InputShape">Dimensions of one sample of its input; empty where they are not known.</param>
internal sealed record PartSpec(string Name, string Title, string FullName, string Access, EquatableArray<int> InputShape)
    : LayerSpec(Name)
{
    /// <summary>The property has the name of its type.</summary>
    public bool IsCalledAsItsType => FullName == PropertyName || FullName.EndsWith("." + PropertyName, StringComparison.Ordinal)
        || FullName.EndsWith("::" + PropertyName, StringComparison.Ordinal);
}
