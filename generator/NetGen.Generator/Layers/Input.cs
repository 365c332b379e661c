using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.InputLayer))]

namespace NetGen.Generator.Layers;

/// <summary>A value that the caller gives.</summary>
internal sealed record InputSpec(string Name, EquatableArray<int> Shape) : LayerSpec(Name);

/// <summary>An input of the network, from which the layers behind it go on.</summary>
internal sealed class InputLayer() : Layer<InputSpec>("NetGen.InputAttribute")
{
    public override bool ReadsPreceding => false;

    protected override string TypeName(InputSpec spec) => "Input";

    public override LayerSpec Read(LayerArguments arguments, string name) => new InputSpec(name, arguments.Ints("shape"));

    protected override IReadOnlyList<TensorShape> Infer(InputSpec spec, IReadOnlyList<TensorShape> inputs, LayerContext context)
        => [InputShape.Check(spec.Shape, context.Path, "shape", "Input", context.Problems)];

    protected override string Title(InputSpec spec, InferredLayer layer) => "Input";

    protected override IReadOnlyList<Value> Lower(InputSpec spec, InferredLayer layer, IReadOnlyList<Value> inputs, GraphBuilder builder)
        => [builder.Graph.AddInput(Naming.Camel(layer.Path) + "Value", layer.Output)];
}
