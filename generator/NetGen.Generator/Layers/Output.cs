using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

[assembly: Kind(typeof(NetGen.Generator.Layers.OutputLayer))]

namespace NetGen.Generator.Layers;

/// <summary>A value that the caller is given.</summary>
internal sealed record OutputSpec(string Name) : LayerSpec(Name);

/// <summary>Gives the caller what precedes it; the layers behind it go on from there.</summary>
internal sealed class OutputLayer() : UnaryLayer<OutputSpec>("NetGen.OutputAttribute")
{
    public override bool IsTransparent => true;

    public override bool IsRead => true;

    public override bool KeepsShape(LayerSpec spec) => true;

    public override bool TakesLengths(LayerSpec spec, int input) => true;

    protected override string TypeName(OutputSpec spec) => "Output";

    public override LayerSpec Read(LayerArguments arguments, string name) => new OutputSpec(name);

    protected override TensorShape Infer(OutputSpec spec, TensorShape input, LayerContext context) => input;

    protected override Value Lower(OutputSpec spec, InferredLayer layer, Value input, GraphBuilder builder) => input;
}
