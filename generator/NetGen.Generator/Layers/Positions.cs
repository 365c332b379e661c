using System.Numerics;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.PositionalEncodingLayer))]
[assembly: Kind(typeof(NetGen.Generator.Layers.PositionalEmbeddingLayer))]

namespace NetGen.Generator.Layers;

/// <summary>Sines and cosines of the position, added.</summary>
internal sealed record PositionalEncodingSpec(string Name) : LayerSpec(Name);

/// <summary>A learned row for each position, added.</summary>
/// <param name="NumEmbeddings">Rows of the table; null for as many as there are positions.</param>
internal sealed record PositionalEmbeddingSpec(string Name, int? NumEmbeddings) : LayerSpec(Name);

/// <summary>Adds to each position sines and cosines of its number.</summary>
internal sealed class PositionalEncodingLayer() : UnaryLayer<PositionalEncodingSpec>("NetGen.PositionalEncodingAttribute")
{
    public override bool KeepsShape(LayerSpec spec) => true;

    public override bool TakesLengths(LayerSpec spec, int input) => true;

    protected override string TypeName(PositionalEncodingSpec spec) => "PositionalEncoding";

    public override LayerSpec Read(LayerArguments arguments, string name) => new PositionalEncodingSpec(name);

    protected override TensorShape Infer(PositionalEncodingSpec spec, TensorShape input, LayerContext context)
    {
        context.RequirePositions(input);
        return input;
    }

    protected override Value Lower(PositionalEncodingSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => builder.Add(layer, new PositionOp(IsLearned: false), [input]);
}

/// <summary>Adds to each position its row of a table that is learned.</summary>
internal sealed class PositionalEmbeddingLayer() : UnaryLayer<PositionalEmbeddingSpec>("NetGen.PositionalEmbeddingAttribute")
{
    public override bool KeepsShape(LayerSpec spec) => true;

    public override bool TakesLengths(LayerSpec spec, int input) => true;

    public override bool HasParameters(LayerSpec spec) => true;

    public override IReadOnlyList<string> TensorNames(LayerSpec spec) => ["Weight"];

    protected override string TypeName(PositionalEmbeddingSpec spec) => "PositionalEmbedding";

    public override LayerSpec Read(LayerArguments arguments, string name)
        => new PositionalEmbeddingSpec(name, arguments.OptionalInt("numEmbeddings"));

    protected override TensorShape Infer(PositionalEmbeddingSpec spec, TensorShape input, LayerContext context)
    {
        TensorShape positions = context.RequirePositions(input);
        if (spec.NumEmbeddings is int rows && context.RequireAtLeastOne(rows, "numEmbeddings", "number of positions") != 0
            && positions.Channels > rows)
        {
            context.Report(DiagnosticDescriptors.FeatureMismatch, "numEmbeddings", context.DisplayName,
                $"at most {MessageText.Count(rows, "position")}", context.Source, $"{MessageText.Number(positions.Channels)} ({input.InWords})");
        }
        return input;
    }

    private static int Rows(PositionalEmbeddingSpec spec, TensorShape input) => spec.NumEmbeddings ?? input.Channels;

    protected override BigInteger CountParameters(PositionalEmbeddingSpec spec, TensorShape input)
        => input.IsSequence ? (BigInteger)Rows(spec, input) * input.Width : 0;

    protected override IReadOnlyList<LayerParameter> Parameters(PositionalEmbeddingSpec spec, TensorShape input)
        => [new LayerParameter("weight", [Rows(spec, input), input.Width], ParameterRole.Weight, input.Width, Rows(spec, input))
        {
            Table = new TableStart(PaddingRow: null),
        }];

    protected override string Title(PositionalEmbeddingSpec spec, TensorShape input)
        => $"PositionalEmbedding({Invariant.Text(Rows(spec, input))}, {Invariant.Text(input.Width)})";

    protected override Value Lower(PositionalEmbeddingSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => builder.Add(layer, new PositionOp(IsLearned: true), [input], "weight");
}
