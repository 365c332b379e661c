namespace NetGen;

/// <summary>
/// Learned positions, input and output (positions, features): adds row p of a table to position p, as PyTorch's users do with an
/// <c>Embedding</c> of the positions' numbers. The weight has the shape [numEmbeddings, features].
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class PositionalEmbeddingAttribute : LayerAttribute
{
    /// <summary>A table with a row for each position of the input.</summary>
    public PositionalEmbeddingAttribute()
    {
    }

    /// <summary>A table of some rows, of which the first are used.</summary>
    /// <param name="numEmbeddings">Rows of the table, at least as many as the input has positions.</param>
    public PositionalEmbeddingAttribute(int numEmbeddings) => NumEmbeddings = numEmbeddings;

    /// <summary>Rows of the table; null for as many as the input has positions.</summary>
    public int? NumEmbeddings { get; }
}
