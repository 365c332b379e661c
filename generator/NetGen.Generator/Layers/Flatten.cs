using NetGen.Generator.Parsing;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

/// <summary>A feature map as a vector, channel by channel and row by row; a vector stays as it is.</summary>
internal sealed class FlattenLayer() : Layer<FlattenSpec>("NetGen.FlattenAttribute")
{
    protected override string TypeName(FlattenSpec spec) => "Flatten";

    public override LayerSpec Read(LayerArguments arguments, string name) => new FlattenSpec(name);

    protected override TensorShape Infer(FlattenSpec spec, TensorShape input, LayerContext context) => TensorShape.Vector(input.Size);
}
