using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.EmbeddingLayer))]

namespace NetGen.Generator.Layers;

/// <summary>The rows of a table that a sample's ints are the numbers of, one for each position.</summary>
internal sealed class EmbeddingLayer() : LookupLayer<EmbeddingSpec>("NetGen.EmbeddingAttribute")
{
    protected override string TypeName(EmbeddingSpec spec) => "Embedding";

    /// <summary>A product with the rows gives each row's likeness to a vector: the head over the vocabulary of a language model.</summary>
    public override bool HasCommonMatrix => true;

    public override string? KeepsMatrix(LayerSpec spec) => ((EmbeddingSpec)spec).MaxNorm is null ? null
        : "scales rows of the table down while it looks them up (maxNorm), and a product would read them before or behind that";

    public override LayerSpec Read(LayerArguments arguments, string name) => new EmbeddingSpec(
        name,
        arguments.Int("numEmbeddings"),
        arguments.Int("embeddingDim"),
        ReadPadding(arguments),
        arguments.OptionalDouble("maxNorm") is { } norm && !double.IsPositiveInfinity(norm) ? norm : null,
        (float)arguments.Double("scale", 1));

    protected override IReadOnlyList<TensorShape> Infer(EmbeddingSpec spec, IReadOnlyList<TensorShape> inputs, LayerContext context)
    {
        TensorShape input = inputs[0];
        context.RequireFinite(spec.Scale, "scale");
        if (spec.MaxNorm is { } norm && !(norm > 0))
        {
            context.Report(DiagnosticDescriptors.ConstantOutOfRange, "maxNorm", context.DisplayName, "maxNorm", "a number above 0",
                MessageText.Fraction(norm));
        }
        int features = CheckTable(spec, context);
        if (input.IsUnknown)
            return [TensorShape.Unknown];
        if (input.Rank > 2)
        {
            context.Report(DiagnosticDescriptors.TooManyDimensions, null, context.DisplayName, context.Source, input.InWords);
            return [TensorShape.Unknown];
        }
        return [context.RequireCountable(new TensorShape(input.Dimensions.Append(features).ToEquatableArray()) { Axis = input.Axis })];
    }

    protected override string Title(EmbeddingSpec spec, InferredLayer layer)
    {
        string norm = spec.MaxNorm is { } most ? $", max norm {Invariant.Text(most)}" : "";
        string scale = spec.Scale == 1 ? "" : $", scale {Invariant.Text(spec.Scale)}";
        return $"Embedding({InTitle(spec)}{PaddingInTitle(spec)}{norm}{scale})";
    }

    protected override IReadOnlyList<Value> Lower(
        EmbeddingSpec spec, InferredLayer layer, IReadOnlyList<Value> inputs, GraphBuilder builder)
    {
        var op = new EmbeddingOp(spec.NumEmbeddings, spec.EmbeddingDim, inputs[0].Shape.Size, spec.PaddingRow(), spec.MaxNorm, spec.Scale,
            builder.Training);
        return [builder.Add(layer, op, [inputs[0]], "weight")];
    }
}
