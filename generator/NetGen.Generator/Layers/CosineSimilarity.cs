using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.CosineSimilarityLayer))]

namespace NetGen.Generator.Layers;

/// <summary>PyTorch's <c>CosineSimilarity</c> of two vectors.</summary>
/// <param name="Eps">The least that a norm counts as.</param>
/// <param name="From">Name or path of the layer that gives the second input, as declared; null where none is given.</param>
internal sealed record CosineSimilaritySpec(string Name, float Eps, string? From) : LayerSpec(Name);

/// <summary>x · y / (max(‖x‖, eps) max(‖y‖, eps)), where y is the output of an earlier layer.</summary>
internal sealed class CosineSimilarityLayer() : Layer<CosineSimilaritySpec>("NetGen.CosineSimilarityAttribute")
{
    private const float UsualEps = 1e-8f;

    public override OutputKind Gives(LayerSpec spec) => OutputKind.Scores;

    protected override string TypeName(CosineSimilaritySpec spec) => "CosineSimilarity";

    public override LayerSpec Read(LayerArguments arguments, string name) => new CosineSimilaritySpec(
        name, (float)arguments.Double("eps", UsualEps), arguments.OptionalValueName("from", SecondInput.Form));

    protected override IReadOnlyList<NamedInput> Reads(CosineSimilaritySpec spec) => [SecondInput.Named(spec.From)];

    protected override IReadOnlyList<TensorShape> Infer(CosineSimilaritySpec spec, IReadOnlyList<TensorShape> inputs, LayerContext context)
    {
        Epsilon.Check(spec.Eps, context);
        int first = context.RequireVector(inputs[0]).Features, second = SecondInput.RequireVector(inputs[1], context);
        if (first != 0 && second != 0 && first != second)
        {
            string product = context.FlattenedFrom.IsUnknown ? "" : " = " + context.FlattenedFrom.Product;
            string[] message =
            [
                context.DisplayName, $"{MessageText.Count(second, "feature")}, as many as '{spec.From}' gives", context.Source,
                MessageText.Number(first) + product,
            ];
            // No fix: neither number stands in the attribute.
            context.Problems.Add(new Problem(
                DiagnosticDescriptors.FeatureMismatch, context.Path, Argument: null, Element: null, message.ToEquatableArray()));
        }
        return [TensorShape.Vector(1)];
    }

    /// <summary>The product and the two squares of each feature.</summary>
    protected override long MultiplyAdds(CosineSimilaritySpec spec, InferredLayer layer) => 3L * layer.Input.Features;

    protected override string Title(CosineSimilaritySpec spec, InferredLayer layer)
        => $"CosineSimilarity({Invariant.Text(layer.Input.Features)}, from {spec.From}{Epsilon.Option(spec.Eps, UsualEps)})";

    protected override IReadOnlyList<Value> Lower(
        CosineSimilaritySpec spec, InferredLayer layer, IReadOnlyList<Value> inputs, GraphBuilder builder)
        => [builder.Add(layer, new CosineSimilarityOp(spec.Eps), [inputs[0], inputs[1]])];
}
