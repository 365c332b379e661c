using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

[assembly: Kind(typeof(NetGen.Generator.Layers.SoftmaxLayer))]

namespace NetGen.Generator.Layers;

internal sealed class SoftmaxLayer() : UnaryLayer<SoftmaxSpec>("NetGen.SoftmaxAttribute")
{
    public override bool KeepsShape(LayerSpec spec) => true;

    public override OutputKind Gives(LayerSpec spec) => OutputKind.Probabilities;

    protected override string TypeName(SoftmaxSpec spec) => "Softmax";

    public override LayerSpec Read(LayerArguments arguments, string name) => new SoftmaxSpec(name);

    protected override TensorShape Infer(SoftmaxSpec spec, TensorShape input, LayerContext context)
    {
        context.RequireVector(input);
        return input;
    }

    protected override Value Lower(SoftmaxSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => builder.Add(layer, new SoftmaxOp(), [input]);
}
