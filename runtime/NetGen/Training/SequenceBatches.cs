using System.Globalization;

namespace NetGen;

/// <summary>
/// Batches of samples of different lengths that are all in memory, for networks whose inputs are declared with <c>UpTo</c>: the positions
/// of a batch's samples one behind the other, without padding, and the samples' lengths.
/// </summary>
/// <remarks>
/// <para>
/// A batch has for each input with lengths of its own its values and then the lengths, as <see cref="NetworkPorts"/> lists them; an input
/// with <see cref="SampleValues.Like"/> has its values alone, and so have targets.
/// </para>
/// <para>A batch's positions are those of all its inputs with lengths of their own, and so are those of a sample.</para>
/// </remarks>
/// <example>
/// <code>
/// int[][] reviews = …;                 // tokens, as many as each review has
/// var source = new SequenceBatches(reviews, labels, batchSize: 32, shuffleSeed: 1, lengthPool: 1000);
/// trainer.Fit(source, new FitOptions { Epochs = 5 });
/// </code>
/// </example>
public sealed class SequenceBatches : IBatchSource
{
    private readonly SampleValues[] _inputs, _targets;
    private readonly BatchColumn[] _inputColumns, _targetColumns;
    private readonly BatchValues[] _batchInputs, _batchTargets;
    private readonly int[]?[] _lengths;
    private readonly int? _maxPositions;
    private readonly int _lengthPool, _total;
    private readonly BatchLoops _loops = new();

    // The epoch under way, and one to arrange another in, which is given up where the call fails.
    private SequenceOrder _order, _other;
    private int _next;

    /// <summary>Samples of one input and one target.</summary>
    /// <param name="input">What samples have for the input, e.g. tokens as <c>int[][]</c>.</param>
    /// <param name="target">
    /// What they have for the target: an array of class indices, or of values, or arrays of as many as a sample has positions.
    /// </param>
    /// <param name="batchSize">The most samples of a batch; the last may have fewer.</param>
    /// <param name="shuffleSeed">The order is drawn from this and the epoch's number; null keeps the given order.</param>
    /// <param name="dropLast">Leaves out a last batch with fewer samples.</param>
    /// <param name="lengthPool">
    /// Of so many samples at a time, as the epoch's order has them, those of like length come into one batch; where the order is drawn,
    /// that of the batches is drawn too. 0, the default, leaves lengths mixed. Without <paramref name="maxPositions"/> it is rounded up to
    /// whole batches.
    /// </param>
    /// <param name="maxPositions">
    /// The most positions of a batch, so that each costs about as much; null, the default, for any number.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There are no samples, or not as many of each, or no batch is left; a sample has more positions than a batch may have, or a target
    /// others than its input; the message says which one.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch or its positions are below 1, or the pool is negative.</exception>
    public SequenceBatches(
        SampleValues input, SampleValues target, int batchSize, ulong? shuffleSeed = null, bool dropLast = false, int lengthPool = 0,
        int? maxPositions = null)
        : this([input], [target], batchSize, shuffleSeed, dropLast, lengthPool, maxPositions)
    {
    }

    /// <summary>Samples of any number of inputs and targets.</summary>
    /// <param name="inputs">
    /// For each input of the network, in their order, what samples have for it; at least one has lengths. The lengths themselves are no
    /// input here.
    /// </param>
    /// <param name="targets">What samples have for each target, in the order of the network's targets; empty for none.</param>
    /// <param name="batchSize">The most samples of a batch; the last may have fewer.</param>
    /// <param name="shuffleSeed">The order is drawn from this and the epoch's number; null keeps the given order.</param>
    /// <param name="dropLast">Leaves out a last batch with fewer samples.</param>
    /// <param name="lengthPool">
    /// Of so many samples at a time, as the epoch's order has them, those of like length come into one batch; where the order is drawn,
    /// that of the batches is drawn too. 0, the default, leaves lengths mixed. Without <paramref name="maxPositions"/> it is rounded up to
    /// whole batches.
    /// </param>
    /// <param name="maxPositions">
    /// The most positions of a batch, so that each costs about as much; null, the default, for any number.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There are no samples or no inputs with lengths, or not as many samples of each, or no batch is left; a sample has more positions
    /// than a batch may have, or a target others than any input; the message says which one.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch or its positions are below 1, or the pool is negative.</exception>
    public SequenceBatches(
        IReadOnlyList<SampleValues> inputs, IReadOnlyList<SampleValues> targets, int batchSize, ulong? shuffleSeed = null,
        bool dropLast = false, int lengthPool = 0, int? maxPositions = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(lengthPool);
        if (maxPositions is int limit)
            ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1, nameof(maxPositions));
        (_inputs, _targets, _maxPositions, _lengthPool) = ([.. inputs], [.. targets], maxPositions, lengthPool);
        int count = SequenceChecks.Count(_inputs, _targets);
        _total = count;
        SequenceChecks.Lengths(_inputs, _targets);
        int[] positions = SequenceChecks.Positions(_inputs, count, maxPositions);
        if (dropLast && maxPositions is not null)
            throw new ArgumentException($"Batches of at most {nameof(maxPositions)} positions are as full as their samples make them: none "
                + "is to be dropped for being short.", nameof(dropLast));
        if (dropLast && count < batchSize)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{count} samples are no whole batch of {batchSize}, and the last one is to be dropped."), nameof(batchSize));

        BatchSize = SequenceChecks.MostSamples(positions, Math.Min(batchSize, count), maxPositions);
        Count = dropLast ? count / batchSize * batchSize : count;
        _lengths = [.. _inputs.Select(input => input.HasLengths && input.Like is null ? new int[BatchSize] : null)];
        _inputColumns = [.. _inputs.Select((input, i) => Column(input, count, $"{nameof(inputs)}[{i}]"))];
        _targetColumns = [.. _targets.Select((target, i) => Column(target, count, $"{nameof(targets)}[{i}]"))];
        _batchInputs = new BatchValues[_inputs.Length + _lengths.Count(lengths => lengths is not null)];
        _batchTargets = new BatchValues[_targets.Length];
        _order = Order();
        _other = Order();
        long total = positions.Sum(own => (long)own);
        Settings = string.Create(CultureInfo.InvariantCulture,
            $"{count} samples of {total} positions in batches of {batchSize}")
            + (maxPositions is int most ? string.Create(CultureInfo.InvariantCulture, $" and at most {most} positions") : "")
            + (dropLast ? ", the last dropped where it is short" : "")
            + (shuffleSeed is ulong seed ? string.Create(CultureInfo.InvariantCulture, $", shuffled by seed {seed}") : ", in their order")
            + (lengthPool > 0 ? string.Create(CultureInfo.InvariantCulture, $", those of like length of each {lengthPool} together") : "");

        SequenceOrder Order() => new(positions, BatchSize, Count, shuffleSeed, lengthPool, maxPositions);
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public int BatchSize { get; }

    /// <inheritdoc/>
    public string Settings { get; private set; }

    /// <summary>
    /// A source of some of these samples, which are copied: a fold, say, of <see cref="KFold"/>. The most positions of a batch and the pool
    /// of lengths are the same.
    /// </summary>
    /// <param name="samples">Their numbers, in the order in which they come without a seed.</param>
    /// <param name="batchSize">The most samples of a batch; the last may have fewer.</param>
    /// <param name="shuffleSeed">The order is drawn from this and the epoch's number; null keeps the given order.</param>
    /// <param name="dropLast">Leaves out a last batch with fewer samples.</param>
    /// <exception cref="ArgumentException">There is no sample, or a number is none of a sample, or no batch is left.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1.</exception>
    public SequenceBatches Subset(ReadOnlySpan<int> samples, int batchSize, ulong? shuffleSeed = null, bool dropLast = false)
    {
        Subsets.Check(samples, _total);
        var inputs = new SampleValues[_inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            int like = _inputs[i].Like is { } other ? Array.IndexOf(_inputs, other) : -1;
            inputs[i] = _inputs[i].Subset(samples, _total, like < 0 ? null : inputs[like]);
        }
        var targets = new SampleValues[_targets.Length];
        for (int i = 0; i < targets.Length; i++)
            targets[i] = _targets[i].Subset(samples, _total, null);
        var subset = new SequenceBatches(inputs, targets, batchSize, shuffleSeed, dropLast, _lengthPool, _maxPositions);
        subset.Settings += Subsets.Words(samples, _total);
        return subset;
    }

    /// <summary>Batches of the epoch that has begun; 0 before the first. With a limit of positions another epoch may have others.</summary>
    public int BatchCount => _order.Batches;

    /// <inheritdoc/>
    public void Start(int epoch, int firstBatch = 0) => Begin(epoch, firstBatch, forLoop: false);

    /// <inheritdoc/>
    public bool TryNext(out Batch batch) => Next(0, out batch);

    /// <inheritdoc/>
    public void Check(NetworkPorts ports, int minBatchSize = 1)
    {
        ArgumentNullException.ThrowIfNull(ports);
        if (minBatchSize > 1 && _maxPositions is not null)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Expected batches of at least {minBatchSize} samples, "
                + $"which the network's batch normalisation needs, but those of at most {_maxPositions} positions may have one. Leave out "
                + $"maxPositions."), "maxPositions");
        SequenceChecks.Fit(ports, _inputs, _targets);
    }

    long IBatchSource.StartLoop(int epoch, int firstBatch) => Begin(epoch, firstBatch, forLoop: true);

    bool IBatchSource.TryNext(long loop, out Batch batch) => Next(loop, out batch);

    void IBatchSource.EndLoop(long loop) => _loops.End(loop);

    private long Begin(int epoch, int firstBatch, bool forLoop)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epoch, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        _loops.Enter();
        try
        {
            _loops.ThrowIfHeld();
            SequenceOrder order = _other;
            order.Arrange(epoch);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(firstBatch, order.Batches);
            (_order, _other, _next) = (order, _order, firstBatch);
            if (forLoop)
                return _loops.StartedLoop();
            _loops.Started();
            return 0;
        }
        finally
        {
            _loops.Leave();
        }
    }

    private bool Next(long loop, out Batch batch)
    {
        _loops.Enter();
        try
        {
            _loops.ThrowIfNotHeldBy(loop);
            if (_next < _order.Batches)
            {
                batch = Gather(_order[_next++]);
                return true;
            }
            batch = default;
            _loops.Finished(loop);
            return false;
        }
        finally
        {
            _loops.Leave();
        }
    }

    private Batch Gather(ReadOnlySpan<int> samples)
    {
        int slot = 0;
        for (int i = 0; i < _inputs.Length; i++)
        {
            _batchInputs[slot++] = _inputColumns[i].Gather(samples);
            if (_lengths[i] is not { } lengths)
                continue;
            for (int j = 0; j < samples.Length; j++)
                lengths[j] = _inputs[i].LengthOf(samples[j]);
            _batchInputs[slot++] = lengths.AsMemory(0, samples.Length);
        }
        for (int i = 0; i < _targets.Length; i++)
            _batchTargets[i] = _targetColumns[i].Gather(samples);
        return new Batch(samples.Length, _batchInputs, _batchTargets);
    }

    private BatchColumn Column(SampleValues values, int count, string name)
    {
        if (!values.HasLengths)
            return new BatchColumn(values.Values, values.Values.Length / count, null, BatchSize);
        // As many as the longest samples have together, which may come into one batch.
        int[] lengths = new int[count];
        for (int i = 0; i < count; i++)
            lengths[i] = values.LengthOf(i);
        Array.Sort(lengths);
        long positions = 0;
        foreach (int length in lengths.AsSpan(count - BatchSize))
            positions += length;
        long capacity = Math.Min(positions, _maxPositions ?? long.MaxValue);
        if (capacity * values.Features > Array.MaxLength)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"A batch of {BatchSize} samples may have {capacity} positions of {values.Features}, which exceeds what an array holds."),
                name);
        return new BatchColumn(values.Values, values.Features, values.Starts, (int)capacity);
    }
}
