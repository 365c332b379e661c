using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

[assembly: Kind(typeof(NetGen.Generator.Layers.IdentityLayer))]

namespace NetGen.Generator.Layers;

/// <summary>Gives what it is given, and costs nothing.</summary>
internal sealed class IdentityLayer() : UnaryLayer<IdentitySpec>("NetGen.IdentityAttribute")
{
    public override bool KeepsShape(LayerSpec spec) => true;

    public override ElementsTaken Takes(LayerSpec spec, int input) => ElementsTaken.Any;

    public override bool TakesLengths(LayerSpec spec, int input) => true;

    protected override string TypeName(IdentitySpec spec) => "Identity";

    public override LayerSpec Read(LayerArguments arguments, string name) => new IdentitySpec(name);

    protected override TensorShape Infer(IdentitySpec spec, TensorShape input, LayerContext context) => input;

    protected override Value Lower(IdentitySpec spec, InferredLayer layer, Value input, GraphBuilder builder) => input;
}
