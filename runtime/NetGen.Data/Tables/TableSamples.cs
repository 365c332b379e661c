namespace NetGen.Data;

/// <summary>Rows of a table as a network takes them.</summary>
public sealed class TableSamples
{
    internal TableSamples(int count, float[] features, int[][] indices, float[] values, int[] labels)
        => (Count, Features, Indices, Values, Labels) = (count, features, indices, values, labels);

    /// <summary>How many rows.</summary>
    public int Count { get; }

    /// <summary>The features, row by row: rows × features.</summary>
    public float[] Features { get; }

    /// <summary>For each column that is an index, the int of each row.</summary>
    public IReadOnlyList<int[]> Indices { get; }

    /// <summary>The targets of a regression, scaled as the column says: one for each row; else empty.</summary>
    public float[] Values { get; }

    /// <summary>The targets of a classification: one for each row; else empty.</summary>
    public int[] Labels { get; }

    /// <summary>
    /// Batches for a trainer or for an evaluation: the features, if there are any, then each column of indices, as inputs in this order,
    /// and the target.
    /// </summary>
    /// <param name="batchSize">Rows of a batch; the last may have fewer.</param>
    /// <param name="shuffleSeed">The order is drawn from this and the epoch's number; null keeps the given order.</param>
    /// <param name="dropLast">Leaves out a last batch with fewer rows.</param>
    /// <exception cref="ArgumentException">There are no rows, or no batch is left.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1.</exception>
    public ArrayBatches Batches(int batchSize, ulong? shuffleSeed = null, bool dropLast = false)
    {
        var inputs = new List<BatchValues>();
        if (Features.Length > 0)
            inputs.Add(Features);
        foreach (int[] column in Indices)
            inputs.Add(column);
        BatchValues[] targets = Values.Length > 0 ? [Values] : Labels.Length > 0 ? [Labels] : [];
        return new ArrayBatches(inputs, targets, Count, batchSize, shuffleSeed, dropLast);
    }
}
