using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

[assembly: Kind(typeof(NetGen.Generator.Layers.UnreadableLayer))]

namespace NetGen.Generator.Layers;

/// <summary>Stands for a layer that could not be read: what leaves it is unknown, unless its kind tells.</summary>
internal sealed class UnreadableLayer() : UnaryLayer<UnreadableSpec>()
{
    public override ElementsTaken Takes(LayerSpec spec, int input) => ElementsTaken.Any;

    public override bool TakesLengths(LayerSpec spec, int input) => true;

    protected override string TypeName(UnreadableSpec spec)
        => spec.Declared is null ? "layer" : LayerRegistry.For(spec.Declared).TypeName(spec.Declared);

    public override bool HasParameters(LayerSpec spec)
        => ((UnreadableSpec)spec).Declared is LayerSpec declared && LayerRegistry.For(declared).HasParameters(declared);

    public override LayerSpec Read(LayerArguments arguments, string name)
        => throw new InvalidOperationException("No attribute declares an unreadable layer.");

    protected override TensorShape Infer(UnreadableSpec spec, TensorShape input, LayerContext context)
        // Some layers keep the shape whatever their arguments are.
        => spec.Declared is { } declared && LayerRegistry.For(declared).KeepsShape(declared) ? input : TensorShape.Unknown;

    protected override Value Lower(UnreadableSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => throw new InvalidOperationException("A network with an unreadable layer is never lowered.");
}
