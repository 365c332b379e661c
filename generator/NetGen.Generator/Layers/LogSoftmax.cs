using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

[assembly: Kind(typeof(NetGen.Generator.Layers.LogSoftmaxLayer))]

namespace NetGen.Generator.Layers;

internal sealed class LogSoftmaxLayer() : UnaryLayer<LogSoftmaxSpec>("NetGen.LogSoftmaxAttribute")
{
    public override bool KeepsShape(LayerSpec spec) => true;

    protected override string TypeName(LogSoftmaxSpec spec) => "LogSoftmax";

    public override LayerSpec Read(LayerArguments arguments, string name) => new LogSoftmaxSpec(name);

    protected override TensorShape Infer(LogSoftmaxSpec spec, TensorShape input, LayerContext context)
    {
        context.RequireVector(input);
        return input;
    }

    protected override Value Lower(LogSoftmaxSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => builder.Add(layer, new LogSoftmaxOp(), [input]);
}
