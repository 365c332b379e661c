using FsCheck;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>A learned row for each position, added.</summary>
/// <param name="NumEmbeddings">Rows of the table; null for as many as there are positions.</param>
internal sealed record PositionalEmbedding(int? NumEmbeddings) : UnaryOperation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["positions"];

    public override string Stem => "positionalembedding";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => [NumEmbeddings is { } rows ? AttributeWriter.Code(rows) : ""];

    public static Layer Read(Word word, Shape input) => new PositionalEmbedding(word.Options.Count > 0 ? word.Number(0) : null);

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        if (NumEmbeddings is { } rows)
            attribute.Argument(rows);
        return "PositionalEmbedding";
    }

    public override Shape Infer(Shape input) => input;

    public override IEnumerable<ParameterInfo> Tensors(Shape input)
    {
        yield return ParameterInfo.Weight(input.Width, NumEmbeddings ?? input.Channels, input.Width);
    }

    protected override Estimate Forward(LayerRun run, Estimate x, int sample)
    {
        double[] table = run.Tensor("weight");
        return Estimate.Add(x, Estimate.Exact(table.AsSpan(0, x.Length)));
    }

    protected override Estimate Backward(LayerRun run, Estimate x, Estimate y, Estimate dy, int sample)
    {
        Accumulator table = run.Gradient("weight");
        for (int i = 0; i < dy.Length; i++)
            table.Add(i, dy.Values[i], dy.Errors[i], 1, 0);
        return dy;
    }

    public static IReadOnlyList<string> Rows =>
    [
        "in:5x12 positions", "in:20x33 linear:17 positions:23 linear:3 mse", "in:40x32 positions linear:16 mean:1 ce",
        "in:3x16 positions:3 relu positions:9 mse", "in@a:6x20 positions@p out:x in@b:6x20 positions:&p relu out:y mse:of=x l1:of=y",
    ];

    public static int Frequency => 1;

    public static Gen<string>? Draw(Place place) => null;
}
