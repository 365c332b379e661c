namespace NetGen;

/// <summary>
/// Gives the samples of an epoch, batch by batch: a data loader. What it gives, and in which order, with all that is drawn at random on the
/// way, is a function of its settings and of the numbers of epoch and batch and of nothing else. So these two numbers are its whole random
/// state, and a training goes on from a checkpoint with the same bits.
/// </summary>
/// <remarks>Used by one caller at a time. Its steady state should allocate nothing: a training loop adds nothing to it.</remarks>
public interface IBatchSource
{
    /// <summary>Samples of one epoch.</summary>
    int Count { get; }

    /// <summary>The largest number of samples of one batch.</summary>
    int BatchSize { get; }

    /// <summary>
    /// What decides the samples and their order, in words that are the same in every culture, e.g. <c>60000 samples in batches of 64,
    /// shuffled by seed 1</c>. A checkpoint keeps it, and going on with another source is refused.
    /// </summary>
    string Settings { get; }

    /// <summary>Begins an epoch; one that had begun is given up.</summary>
    /// <param name="epoch">The epoch's number; the first is 1.</param>
    /// <param name="firstBatch">How many batches at its beginning are left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">The epoch is below 1, or the batch is negative or beyond the last.</exception>
    void Start(int epoch, int firstBatch = 0);

    /// <summary>Gives the next batch of the epoch.</summary>
    /// <param name="batch">The batch, valid until the next call of this or <see cref="Start"/>.</param>
    /// <returns>False where the epoch is over, or none has begun.</returns>
    bool TryNext(out Batch batch);
}
