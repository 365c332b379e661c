namespace NetGen;

/// <summary>Where in a training a batch stands.</summary>
/// <param name="Epoch">The epoch's number; the first is 1.</param>
/// <param name="Batch">The batch's number in the epoch; the first is 0.</param>
public readonly record struct BatchPosition(int Epoch, int Batch);

/// <summary>Makes a batch of one that a source gives.</summary>
/// <param name="batch">The batch, valid until the source goes on.</param>
/// <param name="position">Where it stands: all that what is drawn at random may depend on.</param>
/// <returns>The batch that the training gets; it may show memory of <paramref name="batch"/>, or of the caller's.</returns>
public delegate Batch BatchMap(Batch batch, BatchPosition position);

/// <summary>Sources of batches made from others.</summary>
public static class BatchSources
{
    /// <summary>
    /// Gives what a function makes of each batch: other targets, more inputs, noise. An autoencoder's source is
    /// <c>images.Map("autoencoder", (batch, _) => new Batch(batch.Count, batch.Input, batch.Input))</c>.
    /// </summary>
    /// <param name="source">The source; whoever loops over the result has it to himself.</param>
    /// <param name="settings">
    /// What the function does, in words, for checkpoints: going on with a source of other settings is refused.
    /// </param>
    /// <param name="map">
    /// The function; it must depend on the batch and its position only. To allocate nothing, it writes to arrays of its own.
    /// </param>
    /// <returns>A source of as many batches.</returns>
    public static IBatchSource Map(this IBatchSource source, string settings, BatchMap map)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(map);
        return new Mapped(source, settings, map);
    }

    private sealed class Mapped(IBatchSource source, string settings, BatchMap map) : IBatchSource
    {
        private BatchPosition _next;

        public int Count => source.Count;

        public int BatchSize => source.BatchSize;

        public string Settings => $"{source.Settings}; {settings}";

        public void Start(int epoch, int firstBatch)
        {
            source.Start(epoch, firstBatch);
            _next = new BatchPosition(epoch, firstBatch);
        }

        public bool TryNext(out Batch batch) => Apply(source.TryNext(out Batch given), given, out batch);

        public long StartLoop(int epoch, int firstBatch)
        {
            long loop = source.StartLoop(epoch, firstBatch);
            _next = new BatchPosition(epoch, firstBatch);
            return loop;
        }

        public bool TryNext(long loop, out Batch batch) => Apply(source.TryNext(loop, out Batch given), given, out batch);

        public void EndLoop(long loop) => source.EndLoop(loop);

        private bool Apply(bool hasNext, Batch given, out Batch batch)
        {
            batch = hasNext ? map(given, _next) : default;
            if (hasNext)
                _next = _next with { Batch = _next.Batch + 1 };
            return hasNext;
        }
    }
}
