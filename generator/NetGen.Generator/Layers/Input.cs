using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.InputLayer))]

namespace NetGen.Generator.Layers;

/// <summary>A value that the caller gives.</summary>
internal sealed record InputSpec(string Name, EquatableArray<int> Shape, ElementType Elements) : LayerSpec(Name);

/// <summary>An input of the network, from which the layers behind it go on.</summary>
internal sealed class InputLayer() : Layer<InputSpec>("NetGen.InputAttribute", "NetGen.InputAttribute`1")
{
    public override bool ReadsPreceding => false;

    public override bool NamesBlocks => false;

    protected override string TypeName(InputSpec spec) => spec.Elements == ElementType.Int ? "Input<int>" : "Input";

    public override LayerSpec Read(LayerArguments arguments, string name)
        => new InputSpec(name, arguments.Ints("shape"), arguments.BlockCount == 0 ? ElementType.Float : arguments.IntElements());

    protected override IReadOnlyList<TensorShape> Infer(InputSpec spec, IReadOnlyList<TensorShape> inputs, LayerContext context)
        => [InputShape.Check(spec.Shape, context.Path, "shape", TypeName(spec), context.Problems) with { Elements = spec.Elements }];

    protected override string Title(InputSpec spec, InferredLayer layer) => TypeName(spec);

    protected override IReadOnlyList<Value> Lower(InputSpec spec, InferredLayer layer, IReadOnlyList<Value> inputs, GraphBuilder builder)
        => [builder.Graph.AddInput(Naming.Camel(layer.Path) + "Value", layer.Output)];
}
