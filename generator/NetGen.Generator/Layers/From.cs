using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.FromLayer))]

namespace NetGen.Generator.Layers;

/// <summary>The layers behind it read an earlier value.</summary>
/// <param name="Value">Its name as declared; null where none could be read.</param>
internal sealed record FromSpec(string Name, string? Value) : LayerSpec(Name);

/// <summary>Moves on from an earlier value: what precedes it is others' to read.</summary>
internal sealed class FromLayer() : Layer<FromSpec>("NetGen.FromAttribute")
{
    public override bool IsTransparent => true;

    public override bool ReadsPreceding => false;

    public override ElementsTaken Takes(LayerSpec spec, int input) => ElementsTaken.Any;

    public override bool TakesLengths(LayerSpec spec, int input) => true;

    protected override string TypeName(FromSpec spec) => $"From(\"{spec.Value}\")";

    public override LayerSpec Read(LayerArguments arguments, string name)
        => new FromSpec(name, arguments.OptionalValueName("value", ValueNames.Form));

    protected override IReadOnlyList<NamedInput> Reads(FromSpec spec) => [ValueNames.Named("value", spec.Value)];

    protected override IReadOnlyList<TensorShape> Infer(FromSpec spec, IReadOnlyList<TensorShape> inputs, LayerContext context)
        => [inputs[0]];

    protected override string Title(FromSpec spec, InferredLayer layer) => $"From({spec.Value})";

    protected override IReadOnlyList<Value> Lower(FromSpec spec, InferredLayer layer, IReadOnlyList<Value> inputs, GraphBuilder builder)
        => [inputs[0]];
}
