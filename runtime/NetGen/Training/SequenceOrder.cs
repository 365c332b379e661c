namespace NetGen;

/// <summary>
/// How the samples of an epoch are shared out to batches: a function of the epoch's number. It allocates nothing after it is made.
/// </summary>
internal sealed class SequenceOrder
{
    private readonly int[] _positions;
    private readonly int _batchSize, _count, _pool;
    private readonly int? _maxPositions;
    private readonly ulong? _seed;
    private readonly int[] _order, _starts, _batches, _unsorted;
    private readonly long[] _keys;

    /// <summary>A way to share samples out; no epoch is shared out yet.</summary>
    /// <param name="positions">Of each sample.</param>
    /// <param name="batchSize">The most samples of a batch.</param>
    /// <param name="count">Samples of an epoch, from the beginning of its order.</param>
    /// <param name="seed">What orders are drawn from; null keeps the given one.</param>
    /// <param name="pool">Samples of which those of like length come together; 0 leaves them as they are.</param>
    /// <param name="maxPositions">The most positions of a batch; null for any number.</param>
    public SequenceOrder(int[] positions, int batchSize, int count, ulong? seed, int pool, int? maxPositions)
    {
        (_positions, _batchSize, _count, _seed, _maxPositions) = (positions, batchSize, count, seed, maxPositions);
        // Whole batches, so that none has the longest of one pool and the shortest of the next.
        _pool = pool == 0 ? 0 : maxPositions is null
            ? (int)Math.Min(((long)pool + batchSize - 1) / batchSize * batchSize, count)
            : Math.Min(pool, count);
        _order = new int[positions.Length];
        int batches = maxPositions is null ? (count + batchSize - 1) / batchSize : count;
        _starts = new int[batches + 1];
        _batches = new int[batches];
        _keys = new long[_pool];
        _unsorted = new int[_pool];
    }

    /// <summary>Batches of the epoch.</summary>
    public int Batches { get; private set; }

    /// <summary>The samples of a batch of the epoch.</summary>
    public ReadOnlySpan<int> this[int batch] => _order.AsSpan(_starts[_batches[batch]].._starts[_batches[batch] + 1]);

    /// <summary>Shares out the samples of an epoch.</summary>
    public void Arrange(int epoch)
    {
        EpochOrder.Number(_order);
        if (_seed is ulong ofSamples)
            EpochOrder.Shuffle(_order, ofSamples, epoch, EpochOrder.OfSamples);
        // What is left over for a last batch stays as it was drawn: sorted, it would always be the longest.
        int rest = _maxPositions is null ? _count % _batchSize : 0;
        for (int first = 0; _pool > 0 && first < _count - rest; first += _pool)
            SortByLength(_order.AsSpan(first, Math.Min(_pool, _count - rest - first)));
        Cut();
        Span<int> batches = _batches.AsSpan(0, Batches);
        EpochOrder.Number(batches);
        if (_pool > 0 && _seed is ulong ofBatches)
            EpochOrder.Shuffle(rest > 0 ? batches[..^1] : batches, ofBatches, epoch, EpochOrder.OfBatches);
    }

    // Those of one length stay in their order.
    private void SortByLength(Span<int> samples)
    {
        Span<long> keys = _keys.AsSpan(0, samples.Length);
        for (int i = 0; i < samples.Length; i++)
            keys[i] = (long)_positions[samples[i]] << 32 | (uint)i;
        samples.CopyTo(_unsorted);
        keys.Sort();
        for (int i = 0; i < samples.Length; i++)
            samples[i] = _unsorted[(int)(uint)keys[i]];
    }

    private void Cut()
    {
        int batches = 0, samples = 0;
        long positions = 0;
        for (int i = 0; i < _count; i++)
        {
            int own = _positions[_order[i]];
            if (samples == _batchSize || positions + own > (_maxPositions ?? long.MaxValue))
            {
                _starts[++batches] = i;
                (samples, positions) = (0, 0);
            }
            samples++;
            positions += own;
        }
        _starts[++batches] = _count;
        Batches = batches;
    }
}
