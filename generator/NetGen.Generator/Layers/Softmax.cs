using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.SoftmaxLayer))]

namespace NetGen.Generator.Layers;

/// <summary>exp(x) over the sum of all: of a vector's features, or at each feature of a sequence of all positions.</summary>
internal sealed class SoftmaxLayer() : UnaryLayer<SoftmaxSpec>("NetGen.SoftmaxAttribute")
{
    public override bool KeepsShape(LayerSpec spec) => true;

    public override OutputKind Gives(LayerSpec spec) => spec is SoftmaxSpec { Dim: null } ? OutputKind.Probabilities : OutputKind.Anything;

    public override bool TakesLengths(LayerSpec spec, int input) => spec is SoftmaxSpec { Dim: 1 or -2 };

    protected override string TypeName(SoftmaxSpec spec) => "Softmax";

    public override LayerSpec Read(LayerArguments arguments, string name) => new SoftmaxSpec(name, arguments.OptionalInt("dim"));

    protected override TensorShape Infer(SoftmaxSpec spec, TensorShape input, LayerContext context)
    {
        if (spec.Dim is not { } dim || !(input.IsVector || input.IsSequence))
        {
            context.RequireVector(input);
            return input;
        }
        int dimension = Reshape.Dimension(dim, input);
        if (Reshape.RequireDimension(dimension, dim, "dim", "dim", input, context) && dimension != 1)
        {
            context.Report(DiagnosticDescriptors.ConstantOutOfRange, "dim", context.DisplayName, "dim",
                "1, the positions (over the features of each there is none)", MessageText.Number(dim));
        }
        return input;
    }

    protected override string Title(SoftmaxSpec spec, TensorShape input)
        => input.IsSequence ? $"Softmax(dim {Invariant.Text(spec.Dim ?? 1)})" : "Softmax";

    protected override Value Lower(SoftmaxSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => builder.Add(layer, layer.Input.IsVector ? new SoftmaxOp() : new SoftmaxPositionsOp(), [input]);
}
