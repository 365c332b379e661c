using NetGen.Generator.Parsing;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

/// <summary>Stands for a layer that could not be read: what leaves it is unknown.</summary>
internal sealed class UnreadableLayer() : Layer<UnreadableSpec>()
{
    protected override string TypeName(UnreadableSpec spec) => spec.Declared is null ? "layer" : LayerRegistry.For(spec.Declared).TypeName(spec.Declared);

    public override LayerSpec Read(LayerArguments arguments, string name) => throw new InvalidOperationException("No attribute declares an unreadable layer.");

    protected override TensorShape Infer(UnreadableSpec spec, TensorShape input, LayerContext context) => TensorShape.Unknown;
}
