using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>
/// The rows of a table, one for each int: <c>emb:ROWS,DIM[,padROW][,maxNORM][,scaleFACTOR]</c>. What a forward pass of training scales
/// down in the table is compared by golden files, and here only that a session gives the same.
/// </summary>
internal sealed record Embedding(int NumEmbeddings, int EmbeddingDim, int? PaddingIndex, double? MaxNorm, float Scale)
    : Operation, ILayer, ILookup
{
    public static IReadOnlyList<string> Kinds => ["emb"];

    public override string Stem => "embedding";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options =>
    [
        AttributeWriter.Code(NumEmbeddings), AttributeWriter.Code(EmbeddingDim),
        PaddingIndex is { } padding ? "pad" + AttributeWriter.Code(padding) : "",
        MaxNorm is { } norm ? "max" + AttributeWriter.Code(norm) : "", Scale == 1 ? "" : "scale" + AttributeWriter.Code(Scale),
    ];

    private int? PaddingRow => PaddingIndex < 0 ? PaddingIndex + NumEmbeddings : PaddingIndex;

    public static Layer Read(Word word, Shape input) => new Embedding(word.Number(0), word.Number(1),
        word.After("pad") is { } padding ? Word.Signed(padding) : null, word.Real("max"), (float)(word.Real("scale") ?? 1));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        attribute.Argument(NumEmbeddings);
        attribute.Argument(EmbeddingDim);
        if (PaddingIndex is { } padding)
            attribute.Property("PaddingIndex", padding);
        attribute.Property("MaxNorm", MaxNorm ?? double.PositiveInfinity, double.PositiveInfinity);
        attribute.Property("Scale", Scale, 1);
        return "Embedding";
    }

    public override IReadOnlyList<Shape> Infer(IReadOnlyList<Shape> inputs) => [new Shape([.. inputs[0].Dimensions, EmbeddingDim])];

    public override IEnumerable<ParameterInfo> Tensors(IReadOnlyList<Shape> inputs) =>
        [ParameterInfo.Weight(EmbeddingDim, NumEmbeddings, EmbeddingDim)];

    public override long Work(IReadOnlyList<Shape> inputs) => (long)inputs[0].Size * EmbeddingDim;

    public override Estimate[][] Forward(LayerRun run)
    {
        double[] weight = run.Tensor("weight");
        return [[.. run.Inputs[0].Select(indices =>
        {
            var y = new Estimate(indices.Length * EmbeddingDim);
            for (int i = 0; i < y.Length; i++)
            {
                int row = (int)indices.Values[i / EmbeddingDim];
                double norm = Math.Sqrt(Enumerable.Range(0, EmbeddingDim).Sum(d => Math.Pow(weight[row * EmbeddingDim + d], 2)));
                bool isScaled = norm > MaxNorm;
                y.Values[i] = weight[row * EmbeddingDim + i % EmbeddingDim] * (isScaled ? MaxNorm!.Value / (norm + 1e-7) : 1) * Scale;
                y.Errors[i] = Math.Abs(y.Values[i]) * Estimate.Unit * (isScaled ? 4 : 1);
            }
            return y;
        })]];
    }

    public override Estimate[]?[] Backward(LayerRun run, Estimate[]?[] gradients)
    {
        // A frozen table has none.
        if (run.GradientOrNull("weight") is not { } table)
            return [null];
        for (int sample = 0; sample < run.Samples; sample++)
        {
            (double[] indices, Estimate dy) = (run.Inputs[0][sample].Values, gradients[0]![sample]);
            for (int i = 0; i < dy.Length; i++)
            {
                int row = (int)indices[i / EmbeddingDim];
                if (row != PaddingRow)
                    table.Add(row * EmbeddingDim + i % EmbeddingDim, dy.Values[i], dy.Errors[i], Scale, Math.Abs(Scale) * Estimate.Unit);
            }
        }
        return [null];
    }

    public static IReadOnlyList<string> Rows =>
    [
        // By what reads it: positions, whole sequences, channels of a convolution.
        "in@tokens:5,int emb:7,3 linear:4 mse", "in@tokens:12,int emb:50,16 flatten linear:3 ce", "in@tokens:9,int emb:31,20,pad0 transpose:1,2 conv:17,k3 relu amax:1 flatten linear:3 ce",
        "in@tokens:9,int emb:31,33,scale5.5 linear:17 tanh mean:1 linear:3 mse", "in@tokens:6,int emb:4,16,pad-1", "in@tokens:1,int emb:2,5 mse",
        // As images of rows; beside floats; twice, of two lengths; more columns than registers; frozen.
        "in@tokens:3x4,int emb:9,5 conv:4,k2 flatten linear:2 ce", "in@tokens:2x3,int emb:9,17 mean:2 linear:4 mse",
        "in@tokens:7,int emb:20,9 linear:5 tanh@t in@x:7x9 linear:5 add:t mse", "in@a:4,int emb@e:13,16 mean:1 tanh@t in@b:6,int emb:13,16,&e mean:1 sub:t linear:3 ce",
        "in@tokens:3,int emb:5,200,pad1 linear:3 mse", "in@tokens:5,int emb:9,16,frozen linear:17 tanh linear:2 mse", "in@tokens:5,int emb:9,16,frozen,max0.5,scale2 linear:4 mse",
        "in@tokens:5,int emb:9,16 out:words from:tokens bag:12,4 out:y ce:of=y",
    ];
}
