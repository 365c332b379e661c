namespace NetGen.Data;

/// <summary>Memory for one batch, and how it came out.</summary>
internal sealed class BatchSlot(int batchSize, int sampleLength)
{
    public float[] Input { get; } = GC.AllocateUninitializedArray<float>(batchSize * sampleLength, pinned: true);

    public int[] Labels { get; } = new int[batchSize];

    /// <summary>The samples' numbers in the set.</summary>
    public int[] Indices { get; } = new int[batchSize];

    /// <summary>How many samples it holds.</summary>
    public int Count { get; set; }

    /// <summary>The batch that is in it, or −1.</summary>
    public int Ready { get; set; } = -1;

    /// <summary>Samples that were left out.</summary>
    public List<SkippedSample> Skipped { get; } = [];

    /// <summary>Why it could not be filled; null if it could.</summary>
    public DataLoaderException? Error { get; set; }
}
