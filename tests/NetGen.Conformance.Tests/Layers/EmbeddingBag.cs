using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>What is made of the rows of a bag.</summary>
internal enum BagMode
{
    Mean,
    Sum,
    Max,
}

/// <summary>
/// The mean, sum or maximum of rows of a table: <c>bag:ROWS,DIM[,sum|max][,padROW][,weights=NAME]</c>, of an input of ints.
/// </summary>
/// <param name="PerSampleWeights">What gives each int a weight of a sum; null for none.</param>
internal sealed record EmbeddingBag(int NumEmbeddings, int EmbeddingDim, BagMode Mode, int? PaddingIndex, string? PerSampleWeights)
    : Operation, ILayer, ILookup
{
    public static IReadOnlyList<string> Kinds => ["bag"];

    public override string Stem => "embeddingbag";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options =>
    [
        AttributeWriter.Code(NumEmbeddings), AttributeWriter.Code(EmbeddingDim), Mode == BagMode.Mean ? "" : Mode.ToString().ToLowerInvariant(),
        PaddingIndex is { } padding ? "pad" + AttributeWriter.Code(padding) : "",
        PerSampleWeights is null ? "" : "weights=" + PerSampleWeights,
    ];

    public override IReadOnlyList<string> Reads => PerSampleWeights is { } name ? [name] : [];

    private int? PaddingRow => PaddingIndex < 0 ? PaddingIndex + NumEmbeddings : PaddingIndex;

    public static Layer Read(Word word, Shape input) => new EmbeddingBag(word.Number(0), word.Number(1),
        word.Has("sum") ? BagMode.Sum : word.Has("max") ? BagMode.Max : BagMode.Mean,
        word.After("pad") is { } padding ? Word.Signed(padding) : null, word.After("weights="));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        attribute.Argument(NumEmbeddings);
        attribute.Argument(EmbeddingDim);
        attribute.Property("Mode", $"\"{Mode.ToString().ToLowerInvariant()}\"", Mode, BagMode.Mean);
        if (PaddingIndex is { } padding)
            attribute.Property("PaddingIndex", padding);
        if (PerSampleWeights is { } name)
            attribute.Property("PerSampleWeights", $"\"{name}\"");
        return "EmbeddingBag";
    }

    public override IReadOnlyList<Shape> Infer(IReadOnlyList<Shape> inputs) => inputs[0].IsVector
        ? [new Shape(EmbeddingDim)] : throw new FormatException($"a bag of {inputs[0]}");

    public override IEnumerable<ParameterInfo> Tensors(IReadOnlyList<Shape> inputs) =>
        [ParameterInfo.Weight(EmbeddingDim, NumEmbeddings, EmbeddingDim)];

    public override long Work(IReadOnlyList<Shape> inputs) => (long)inputs[0].Size * EmbeddingDim;

    public override Estimate[][] Forward(LayerRun run) =>
        [[.. run.Inputs[0].Select((indices, sample) => PerSampleWeights is null ? Forward(run.Tensor("weight"), indices)
            : WeightedSum(run.Tensor("weight"), indices, run.Inputs[1][sample]))]];

    public override Estimate[]?[] Backward(LayerRun run, Estimate[]?[] gradients)
    {
        double[] weight = run.Tensor("weight");
        // A frozen table has none.
        Accumulator? table = run.GradientOrNull("weight");
        Estimate[] ints = run.Inputs[0], dy = gradients[0]!;
        if (PerSampleWeights is not null)
            return [null, [.. dy.Select((own, sample) => BackwardWeighted(weight, ints[sample], run.Inputs[1][sample], own, table))]];
        for (int sample = 0; sample < run.Samples && table is not null; sample++)
            Backward(weight, ints[sample], dy[sample], table);
        return [null];
    }

    private Estimate WeightedSum(double[] weight, Estimate indices, Estimate factors)
    {
        var sums = new Accumulator(EmbeddingDim);
        foreach ((int i, int row) in Counted(indices))
        {
            for (int d = 0; d < EmbeddingDim; d++)
                sums.Add(d, factors.Values[i], factors.Errors[i], weight[row * EmbeddingDim + d], 0);
        }
        return sums.ToEstimate();
    }

    /// <returns>The gradient of the ints' weights.</returns>
    private Estimate BackwardWeighted(double[] weight, Estimate indices, Estimate factors, Estimate dy, Accumulator? table)
    {
        var products = new Accumulator(factors.Length);
        foreach ((int i, int row) in Counted(indices))
        {
            for (int d = 0; d < EmbeddingDim; d++)
            {
                int at = row * EmbeddingDim + d;
                products.Add(i, dy.Values[d], dy.Errors[d], weight[at], 0);
                table?.Add(at, dy.Values[d], dy.Errors[d], factors.Values[i], factors.Errors[i]);
            }
        }
        return products.ToEstimate();
    }

    /// <summary>The positions that count, with their rows.</summary>
    private IEnumerable<(int Position, int Row)> Counted(Estimate indices) =>
        indices.Values.Select((index, i) => (i, checked((int)index))).Where(own => own.Item2 != PaddingRow);

    private Estimate Forward(double[] weight, Estimate indices)
    {
        int[] rows = RowsOf(indices);
        var sums = new Accumulator(EmbeddingDim);
        for (int d = 0; d < EmbeddingDim; d++)
        {
            foreach (int row in Mode == BagMode.Max && rows.Length > 0 ? [Largest(weight, rows, d)] : rows)
                sums.Add(d, weight[row * EmbeddingDim + d], 0, Factor(rows), Math.Abs(Factor(rows)) * Estimate.Unit);
        }
        return sums.ToEstimate();
    }

    private void Backward(double[] weight, Estimate indices, Estimate dy, Accumulator table)
    {
        int[] rows = RowsOf(indices);
        for (int d = 0; d < EmbeddingDim; d++)
        {
            foreach (int row in Mode == BagMode.Max && rows.Length > 0 ? [Largest(weight, rows, d)] : rows)
                table.Add(row * EmbeddingDim + d, dy.Values[d], dy.Errors[d], Factor(rows), Math.Abs(Factor(rows)) * Estimate.Unit);
        }
    }

    private double Factor(int[] rows) => Mode == BagMode.Mean ? 1.0 / rows.Length : 1;

    /// <summary>The rows that count.</summary>
    private int[] RowsOf(Estimate indices) =>
        [.. indices.Values.Select(index => checked((int)index)).Where(row => row != PaddingRow)];

    /// <summary>The first of the rows that have the largest number.</summary>
    private int Largest(double[] weight, int[] rows, int d) => rows.MaxBy(row => weight[row * EmbeddingDim + d]);

    public static IReadOnlyList<string> Rows =>
    [
        // Rows that fill no vector, that fill several, and more than stay in registers; ints that are looked up twice.
        "in:5,int bag:7,3 ce", "in@tokens:12,int bag:50,16,sum linear:3 ce", "in@tokens:9,int bag:31,33,max linear:3 mse",
        "in@tokens:3,int bag:5,200 mse", "in@tokens:3,int bag:5,200,max tanh linear:4 ce",
        "in@tokens:4,int bag:11,17,sum tanh@a from:tokens bag:9,17,max add:a mse",
        // Padding: some, and where all of a small bag is.
        "in@tokens:6,int bag:4,17,pad0 linear:2 ce", "in@tokens:2,int bag:3,20,sum,pad-1 mse", "in@tokens:2,int bag:3,20,max,pad1 linear:2 ce",
        "in@tokens:1,int bag:2,5,pad0 mse",
        // Beside an input of floats; long bags; a table for two inputs; frozen tables, behind which nothing flows back.
        "in@tokens:7,int bag:20,9 tanh@t in@x:4 linear:9 add:t linear:3 ce", "in@x:3x6x6 conv:9,k3 relu aavg:1 flatten in@tokens:5,int bag:8,9 concat:flatten1 linear:2 ce",
        "in@tokens:1100,int bag:60,5,sum,pad2 mse", "in@a:4,int bag@e:13,16 tanh@t in@b:6,int bag:13,16,&e sub:t linear:3 ce",
        "in@tokens:5,int bag:9,16,frozen linear:17 tanh linear:2 ce", "in@tokens:5,int bag:9,16,frozen out:y", "in@tokens:5,int bag:9,16,max,frozen linear:3,frozen mse",
        "in@tokens:5,int seq[ bag:9,16 relu ] linear:3 ce", "in@tokens:5,int concat[ bag:9,16 | bag:12,7,max ] linear:3 ce", "in@tokens:4,int bag:6,16 bn relu linear:3 ce",
        // Sums with weights: of an input, as a vector and as positions; learned; of rows of several vectors; padding; frozen.
        "in@w:5 in@tokens:5,int bag:7,3,sum,weights=w out:y ce:of=y", "in@w:12x1 in@tokens:12,int bag:50,16,sum,weights=w linear:3 out:y ce:of=y",
        "in@tokens:9,int emb@e:31,1 from:tokens bag:31,33,sum,weights=e linear:3 mse",
        "in@x:6 linear@w:9 sigmoid@g in@tokens:9,int bag:11,200,sum,pad-1,weights=g linear:4 out:y mse:of=y",
        "in@tokens:9,int emb@e:31,20 linear@s:1 from:tokens bag:31,17,sum,pad0,weights=s tanh linear:2 ce",
        "in@w:3 in@tokens:3,int bag:5,16,sum,frozen,weights=w linear:2 out:y mse:of=y", "in@tokens:1,int emb@e:4,1 from:tokens bag:4,5,sum,weights=e mse",
        "in@w:1100 in@tokens:1100,int bag:60,5,sum,pad2,weights=w out:y mse:of=y",
        "in@w:4 in@tokens:4,int bag@a:6,18,sum,weights=w tanh@t from:tokens bag:6,18,sum,weights=w,&a sub:t linear:3 out:y ce:of=y",
        "in@tokens:4,int bag:6,16 out:a in@more:3,int bag:6,5 out:b mse:of=a mse:of=b",
    ];
}
