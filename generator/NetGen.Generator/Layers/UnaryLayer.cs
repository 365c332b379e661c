using System.Numerics;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

/// <summary>A kind of layer that reads what precedes it and nothing else, and that gives one value: most are of this kind.</summary>
internal abstract class UnaryLayer<TSpec>(params string[] attributeNames) : Layer<TSpec>(attributeNames)
    where TSpec : LayerSpec
{
    protected sealed override IReadOnlyList<NamedInput> Reads(TSpec spec) => [];

    protected sealed override IReadOnlyList<string> Ports(TSpec spec) => [];

    protected sealed override IReadOnlyList<TensorShape> Infer(TSpec spec, IReadOnlyList<TensorShape> inputs, LayerContext context)
        => [Infer(spec, inputs[0], context)];

    protected sealed override BigInteger CountParameters(TSpec spec, InferredLayer layer) => CountParameters(spec, layer.Input);

    protected sealed override IReadOnlyList<LayerParameter> Parameters(TSpec spec, InferredLayer layer) => Parameters(spec, layer.Input);

    protected sealed override long MultiplyAdds(TSpec spec, InferredLayer layer) => MultiplyAdds(spec, layer.Input, layer.Output);

    protected sealed override string Title(TSpec spec, InferredLayer layer) => Title(spec, layer.Input);

    protected sealed override IReadOnlyList<Value> Lower(TSpec spec, InferredLayer layer, IReadOnlyList<Value> inputs, GraphBuilder builder)
        => [Lower(spec, layer, inputs[0], builder)];

    protected abstract TensorShape Infer(TSpec spec, TensorShape input, LayerContext context);

    protected virtual BigInteger CountParameters(TSpec spec, TensorShape input) => BigInteger.Zero;

    protected virtual IReadOnlyList<LayerParameter> Parameters(TSpec spec, TensorShape input) => [];

    protected virtual long MultiplyAdds(TSpec spec, TensorShape input, TensorShape output) => 0;

    protected virtual string Title(TSpec spec, TensorShape input) => TypeName(spec);

    protected abstract Value Lower(TSpec spec, InferredLayer layer, Value input, GraphBuilder builder);
}
