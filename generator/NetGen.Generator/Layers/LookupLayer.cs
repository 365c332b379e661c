using System.Numerics;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers;

/// <summary>A kind of layer that looks up rows of a table, its <c>weight</c>, by ints.</summary>
internal abstract class LookupLayer<TSpec>(params string[] attributeNames) : Layer<TSpec>(attributeNames)
    where TSpec : LookupSpec
{
    /// <summary>How an attribute says that no row is padding: its default, which is not otherwise a number of a row.</summary>
    private const int NoPadding = int.MinValue;

    public override ElementsTaken Takes(LayerSpec spec, int input) => input == 0 ? ElementsTaken.Ints : ElementsTaken.Floats;

    public override bool TakesLengths(LayerSpec spec, int input) => true;

    public override bool HasParameters(LayerSpec spec) => true;

    public override IReadOnlyList<string> TensorNames(LayerSpec spec) => ["Weight"];

    protected static int? ReadPadding(LayerArguments arguments)
        => arguments.OptionalInt("paddingIndex") is { } index and not NoPadding ? index : null;

    protected override BigInteger CountParameters(TSpec spec, InferredLayer layer) => (BigInteger)spec.NumEmbeddings * spec.EmbeddingDim;

    /// <summary>PyTorch's <c>init</c> counts a table's columns as inputs and its rows as outputs.</summary>
    protected override IReadOnlyList<LayerParameter> Parameters(TSpec spec, InferredLayer layer) =>
    [
        new LayerParameter("weight", [spec.NumEmbeddings, spec.EmbeddingDim], ParameterRole.Weight, spec.EmbeddingDim, spec.NumEmbeddings)
        {
            Table = new TableStart(spec.PaddingRow()),
        },
    ];

    /// <summary>Reports what no table can be.</summary>
    /// <returns>Numbers of a row; 0 where they are unknown.</returns>
    protected static int CheckTable(TSpec spec, LayerContext context)
    {
        int rows = context.RequireAtLeastOne(spec.NumEmbeddings, "numEmbeddings", "number of rows");
        if (rows > 0 && spec.PaddingIndex is { } padding && (padding >= rows || padding < -rows))
        {
            context.Report(DiagnosticDescriptors.PaddingOutsideOfTable, "paddingIndex", context.DisplayName, MessageText.Number(padding),
                MessageText.Count(rows, "row"), MessageText.Number(rows - 1), MessageText.Number(-rows));
        }
        return context.RequireAtLeastOne(spec.EmbeddingDim, "embeddingDim", "number of columns");
    }

    /// <summary>The table in a title.</summary>
    protected static string InTitle(TSpec spec)
        => $"{Invariant.Text(spec.NumEmbeddings)}, {Invariant.Text(spec.EmbeddingDim)}";

    protected static string PaddingInTitle(TSpec spec)
        => spec.PaddingRow() is { } padding ? $", padding {Invariant.Text(padding)}" : "";
}
