using NetGen.Generator.Parsing;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

internal sealed class SoftmaxLayer() : Layer<SoftmaxSpec>("NetGen.SoftmaxAttribute")
{
    protected override string TypeName(SoftmaxSpec spec) => "Softmax";

    public override LayerSpec Read(LayerArguments arguments, string name) => new SoftmaxSpec(name);

    protected override TensorShape Infer(SoftmaxSpec spec, TensorShape input, LayerContext context)
    {
        context.RequireVector(input);
        return input;
    }
}
