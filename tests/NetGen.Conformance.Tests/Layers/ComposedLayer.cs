using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>A block that one attribute declares: to all but its declaration the layers that it stands for.</summary>
internal abstract record ComposedLayer : BlockLayer
{
    /// <summary>The layers inside, one word each.</summary>
    public abstract string Words { get; }
}
