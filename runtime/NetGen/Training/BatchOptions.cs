namespace NetGen;

/// <summary>How the samples of an epoch come into batches.</summary>
/// <example>
/// <code>
/// var train = ArrayBatches.ForClasses(images, labels, new BatchOptions { BatchSize = 64, ShuffleSeed = 1 });
/// </code>
/// </example>
public sealed record BatchOptions
{
    /// <summary>Samples of a batch; the last may have fewer.</summary>
    public required int BatchSize { get; init; }

    /// <summary>
    /// What the order of an epoch is drawn from, together with the epoch's number; null, the default, keeps the given order.
    /// </summary>
    public ulong? ShuffleSeed { get; init; }

    /// <summary>Leaves out a last batch with fewer samples.</summary>
    public bool DropLast { get; init; }

    /// <summary>
    /// For each sample how often it comes beside the others: each of an epoch is drawn with replacement, a sample with twice the weight of
    /// another twice as likely, one with the weight 0 never. PyTorch's <c>WeightedRandomSampler</c>. Needs a <see cref="ShuffleSeed"/>.
    /// Null, the default, takes each sample once an epoch. <see cref="ClassWeights.OfSamples"/> makes weights that let all classes come as
    /// often.
    /// </summary>
    public IReadOnlyList<double>? SampleWeights { get; init; }

    /// <summary>
    /// With <see cref="SampleWeights"/>: how many samples are drawn for an epoch; null, the default, for as many as there are.
    /// </summary>
    public int? SamplesPerEpoch { get; init; }
}
