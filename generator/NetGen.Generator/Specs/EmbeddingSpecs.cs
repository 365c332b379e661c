namespace NetGen.Generator.Specs;

/// <summary>What is made of the rows of a bag.</summary>
internal enum BagMode
{
    Mean,
    Sum,
    Max,
}

/// <summary>A layer that looks up rows of a table by ints.</summary>
/// <param name="NumEmbeddings">Rows of the table.</param>
/// <param name="EmbeddingDim">Numbers of a row.</param>
/// <param name="PaddingIndex">The int that stands for nothing, as declared; null where none does.</param>
internal abstract record LookupSpec(string Name, int NumEmbeddings, int EmbeddingDim, int? PaddingIndex) : LayerSpec(Name)
{
    /// <summary>The row that stands for nothing, from the start of the table.</summary>
    public int? PaddingRow() => PaddingIndex < 0 ? PaddingIndex + NumEmbeddings : PaddingIndex;
}

/// <param name="PerSampleWeights">Name of the value with a weight for each int; null where rows are summed as they are.</param>
internal sealed record EmbeddingBagSpec(
    string Name, int NumEmbeddings, int EmbeddingDim, BagMode Mode, int? PaddingIndex, string? PerSampleWeights)
    : LookupSpec(Name, NumEmbeddings, EmbeddingDim, PaddingIndex);

/// <param name="MaxNorm">The largest norm of a row; null where there is none.</param>
/// <param name="Scale">What rows are multiplied by.</param>
internal sealed record EmbeddingSpec(string Name, int NumEmbeddings, int EmbeddingDim, int? PaddingIndex, double? MaxNorm, float Scale)
    : LookupSpec(Name, NumEmbeddings, EmbeddingDim, PaddingIndex);
