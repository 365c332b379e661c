namespace NetGen;

/// <summary>
/// Gives the samples of an epoch, batch by batch: a data loader. What it gives, and in which order, with all that is drawn at random on the
/// way, is a function of its settings and of the numbers of epoch and batch and of nothing else. So these two numbers are its whole random
/// state, and a training goes on from a checkpoint with the same bits.
/// </summary>
/// <remarks>
/// A source has one position: loops over it come one after the other, and one thread at a time is in it. <c>Fit</c> and <c>Evaluate</c>
/// take it by
/// <see cref="StartLoop"/>, so that a source which keeps loops apart (<see cref="BatchLoops"/> does it for its author) refuses what would
/// take their batches. Its steady state should allocate nothing: a training loop adds nothing to it.
/// </remarks>
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

    /// <summary>Begins an epoch; one that had begun by this method is given up.</summary>
    /// <param name="epoch">The epoch's number; the first is 1.</param>
    /// <param name="firstBatch">How many batches at its beginning are left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">The epoch is below 1, or the batch is negative or beyond the last.</exception>
    /// <exception cref="InvalidOperationException">
    /// A loop has the source to itself, or another thread is in it; nothing was changed.
    /// </exception>
    void Start(int epoch, int firstBatch = 0);

    /// <summary>Gives the next batch of the epoch.</summary>
    /// <param name="batch">The batch, valid until the next call of this or <see cref="Start"/>.</param>
    /// <returns>False where the epoch is over, or none has begun.</returns>
    /// <exception cref="InvalidOperationException">
    /// A loop has the source to itself, or another thread is in it, or the caller's epoch was given up; nothing was changed.
    /// </exception>
    bool TryNext(out Batch batch);

    /// <summary>
    /// Begins an epoch for a loop that has the source to itself until it finds the epoch over, or ends by <see cref="EndLoop"/>. A source
    /// that does not keep loops apart takes this for <see cref="Start"/>.
    /// </summary>
    /// <param name="epoch">The epoch's number; the first is 1.</param>
    /// <param name="firstBatch">How many batches at its beginning are left out.</param>
    /// <returns>The loop's number, for the other two methods.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The epoch is below 1, or the batch is negative or beyond the last.</exception>
    /// <exception cref="InvalidOperationException">
    /// Another loop has the source to itself, or another thread is in it; nothing was changed.
    /// </exception>
    long StartLoop(int epoch, int firstBatch = 0)
    {
        Start(epoch, firstBatch);
        return 0;
    }

    /// <summary>Gives a loop its next batch.</summary>
    /// <param name="loop">What <see cref="StartLoop"/> returned.</param>
    /// <param name="batch">The batch, valid until the next call of this.</param>
    /// <returns>False where the epoch is over; the loop has ended then.</returns>
    /// <exception cref="InvalidOperationException">The loop has ended, or another thread is in the source; nothing was changed.</exception>
    bool TryNext(long loop, out Batch batch) => TryNext(out batch);

    /// <summary>Ends a loop, so that others may begin; nothing happens if it has ended.</summary>
    /// <param name="loop">What <see cref="StartLoop"/> returned.</param>
    void EndLoop(long loop)
    {
    }

    /// <summary>
    /// Before the first step <c>Fit</c> and <c>Evaluate</c> look at a batch; here a source that knows its samples says what the batches
    /// behind it would bring to light: a sample that is too long, a token beyond the table. It changes nothing, and needs no epoch to have
    /// begun. Does nothing by default.
    /// </summary>
    /// <param name="ports">What the network takes.</param>
    /// <param name="minBatchSize">The fewest samples of a batch, <see cref="ITrainer.MinBatchSize"/>.</param>
    /// <exception cref="ArgumentException">A sample does not fit the network; the message says which one.</exception>
    void Check(NetworkPorts ports, int minBatchSize = 1)
    {
    }
}
