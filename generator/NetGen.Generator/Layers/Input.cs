using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.InputLayer))]

namespace NetGen.Generator.Layers;

/// <summary>A value that the caller gives.</summary>
/// <param name="UpTo">The most positions that a sample may have, which are as many as the caller says; null for a fixed shape.</param>
/// <param name="Like">The input whose samples have as many positions as this one's; null for none.</param>
internal sealed record InputSpec(string Name, EquatableArray<int> Shape, ElementType Elements, int? UpTo, string? Like)
    : LayerSpec(Name);

/// <summary>An input of the network, from which the layers behind it go on.</summary>
internal sealed class InputLayer() : Layer<InputSpec>("NetGen.InputAttribute", "NetGen.InputAttribute`1")
{
    public override bool ReadsPreceding => false;

    public override bool NamesBlocks => false;

    protected override string TypeName(InputSpec spec) => spec.Elements == ElementType.Int ? "Input<int>" : "Input";

    public override LayerSpec Read(LayerArguments arguments, string name)
        => new InputSpec(name, arguments.Ints("shape"), arguments.BlockCount == 0 ? ElementType.Float : arguments.IntElements(),
            arguments.OptionalInt("upTo"), arguments.OptionalValueName("like", ValueNames.Form));

    public override bool ReadsShapesOnly => true;

    public override ElementsTaken Takes(LayerSpec spec, int input) => ElementsTaken.Any;

    public override bool TakesLengths(LayerSpec spec, int input) => true;

    protected override IReadOnlyList<NamedInput> Reads(InputSpec spec)
        => spec.Like is { } like ? [ValueNames.Named("like", like)] : [];

    protected override IReadOnlyList<TensorShape> Infer(InputSpec spec, IReadOnlyList<TensorShape> inputs, LayerContext context)
    {
        if (spec.UpTo is null && spec.Like is null)
        {
            TensorShape shape = InputShape.Check(spec.Shape, context.Path, "shape", TypeName(spec), context.Problems);
            return [shape with { Elements = spec.Elements }];
        }
        return [InferPositions(spec, inputs, context) with { Elements = spec.Elements }];
    }

    /// <summary>As many positions as the caller says: an int at each, or a row of features.</summary>
    private TensorShape InferPositions(InputSpec spec, IReadOnlyList<TensorShape> inputs, LayerContext context)
    {
        bool isInts = spec.Elements == ElementType.Int;
        if (spec.UpTo is not null && spec.Like is not null)
            Report("upTo", "UpTo gives it a length of its own, and Like that of another input: leave one of them out");
        else if (spec.Shape.Count != (isInts ? 0 : 1))
        {
            Report("shape", isInts ? "behind the name of ints with UpTo or Like stands no further dimension, for each position has one int"
                : "behind the name of floats with UpTo or Like stand the features of a position, one number");
        }
        int most = spec.UpTo is int upTo ? context.RequireAtLeastOne(upTo, "upTo", "number of positions") : 0;
        string axis = context.Path;
        if (spec.Like is { } like && !inputs[0].IsUnknown)
        {
            if (inputs[0].Axis is { } other)
                (axis, most) = (other, inputs[0].Dimensions[0]);
            else
                Report("like", $"'{like}' is {inputs[0].InWords}, whose length is fixed: name an input that has UpTo");
        }
        int[] ofPosition = isInts || spec.Shape.Count != 1 ? []
            : [context.RequireAtLeastOne(spec.Shape[0], "shape", "number of features")];
        return context.RequireCountable(new TensorShape(ofPosition.Prepend(most).ToEquatableArray()) { Axis = axis });

        void Report(string argument, string reason)
            => context.Report(DiagnosticDescriptors.RunTimeLength, argument, context.DisplayName, reason);
    }

    protected override string Title(InputSpec spec, InferredLayer layer) => TypeName(spec);

    protected override IReadOnlyList<Value> Lower(InputSpec spec, InferredLayer layer, IReadOnlyList<Value> inputs, GraphBuilder builder)
        => [builder.Graph.AddInput(Naming.Camel(layer.Path) + "Value", layer.Output)];
}
