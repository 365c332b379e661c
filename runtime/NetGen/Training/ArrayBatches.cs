using System.Globalization;
using System.Runtime.CompilerServices;

namespace NetGen;

/// <summary>Batches of samples that are all in memory, in their order or shuffled anew for each epoch.</summary>
public sealed class ArrayBatches : IBatchSource
{
    private readonly BatchColumn[] _inputs, _targets;
    private readonly (string Name, BatchValues All)[] _given;
    private readonly BatchValues[] _batchInputs, _batchTargets;
    private readonly ulong? _shuffleSeed;
    private readonly int[] _order;
    private readonly BatchLoops _loops = new();
    private int _next;

    /// <summary>Samples with class indices.</summary>
    /// <param name="input">The samples, one after the other.</param>
    /// <param name="labels">The class index of each.</param>
    /// <param name="batchSize">Samples of a batch; the last may have fewer.</param>
    /// <param name="shuffleSeed">The order is drawn from this and the epoch's number; null keeps the given order.</param>
    /// <param name="dropLast">Leaves out a last batch with fewer samples.</param>
    /// <exception cref="ArgumentException">There are no samples, or the values are not as many for each, or no batch is left.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1.</exception>
    public ArrayBatches(float[] input, int[] labels, int batchSize, ulong? shuffleSeed = null, bool dropLast = false)
        : this([(nameof(input), Required(input))], [(nameof(labels), Required(labels))], labels.Length, batchSize, shuffleSeed, dropLast)
    {
    }

    /// <summary>Samples with values for targets.</summary>
    /// <param name="input">The samples, one after the other.</param>
    /// <param name="values">What the outputs should be, one sample after the other.</param>
    /// <param name="count">How many samples there are.</param>
    /// <param name="batchSize">Samples of a batch; the last may have fewer.</param>
    /// <param name="shuffleSeed">The order is drawn from this and the epoch's number; null keeps the given order.</param>
    /// <param name="dropLast">Leaves out a last batch with fewer samples.</param>
    /// <exception cref="ArgumentException">There are no samples, or the values are not as many for each, or no batch is left.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1.</exception>
    public ArrayBatches(float[] input, float[] values, int count, int batchSize, ulong? shuffleSeed = null, bool dropLast = false)
        : this([(nameof(input), Required(input))], [(nameof(values), Required(values))], count, batchSize, shuffleSeed, dropLast)
    {
    }

    /// <summary>Samples of ints, such as tokens, with class indices.</summary>
    /// <param name="input">The samples, one after the other.</param>
    /// <param name="labels">The class index of each.</param>
    /// <param name="batchSize">Samples of a batch; the last may have fewer.</param>
    /// <param name="shuffleSeed">The order is drawn from this and the epoch's number; null keeps the given order.</param>
    /// <param name="dropLast">Leaves out a last batch with fewer samples.</param>
    /// <exception cref="ArgumentException">There are no samples, or the values are not as many for each, or no batch is left.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1.</exception>
    public ArrayBatches(int[] input, int[] labels, int batchSize, ulong? shuffleSeed = null, bool dropLast = false)
        : this([(nameof(input), Required(input))], [(nameof(labels), Required(labels))], labels.Length, batchSize, shuffleSeed, dropLast)
    {
    }

    /// <summary>Samples of ints, such as tokens, with values for targets.</summary>
    /// <param name="input">The samples, one after the other.</param>
    /// <param name="values">What the outputs should be, one sample after the other.</param>
    /// <param name="count">How many samples there are.</param>
    /// <param name="batchSize">Samples of a batch; the last may have fewer.</param>
    /// <param name="shuffleSeed">The order is drawn from this and the epoch's number; null keeps the given order.</param>
    /// <param name="dropLast">Leaves out a last batch with fewer samples.</param>
    /// <exception cref="ArgumentException">There are no samples, or the values are not as many for each, or no batch is left.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1.</exception>
    public ArrayBatches(int[] input, float[] values, int count, int batchSize, ulong? shuffleSeed = null, bool dropLast = false)
        : this([(nameof(input), Required(input))], [(nameof(values), Required(values))], count, batchSize, shuffleSeed, dropLast)
    {
    }

    /// <summary>Samples of any number of inputs and targets, for networks with several.</summary>
    /// <param name="inputs">For each input its values, or ints, of all samples, in the order of the network's inputs.</param>
    /// <param name="targets">
    /// For each target its values or class indices of all samples, in the order of the network's targets; empty for none.
    /// </param>
    /// <param name="count">How many samples there are.</param>
    /// <param name="batchSize">Samples of a batch; the last may have fewer.</param>
    /// <param name="shuffleSeed">The order is drawn from this and the epoch's number; null keeps the given order.</param>
    /// <param name="dropLast">Leaves out a last batch with fewer samples.</param>
    /// <exception cref="ArgumentException">
    /// There are no samples or no inputs, or one has not as many values for each sample, or no batch is left.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1.</exception>
    public ArrayBatches(
        IReadOnlyList<BatchValues> inputs, IReadOnlyList<BatchValues> targets, int count, int batchSize, ulong? shuffleSeed = null,
        bool dropLast = false)
        : this(Named(inputs, nameof(inputs)), Named(targets, nameof(targets)), count, batchSize, shuffleSeed, dropLast)
    {
    }

    private ArrayBatches(
        (string Name, BatchValues All)[] inputs, (string Name, BatchValues All)[] targets, int count, int batchSize, ulong? shuffleSeed,
        bool dropLast)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (inputs.Length == 0)
            throw new ArgumentException("Expected at least one input.", nameof(inputs));
        foreach ((string name, BatchValues all) in inputs.Concat(targets))
        {
            if (count < 1 || all.Length == 0 || all.Length % count != 0)
                throw new ArgumentException($"Expected as many values for each of {count} samples, got {all.Length} in all.", name);
        }
        if (dropLast && count < batchSize)
            throw new ArgumentException($"{count} samples are no whole batch of {batchSize}, and the last one is to be dropped.",
                nameof(batchSize));
        _shuffleSeed = shuffleSeed;
        _order = new int[count];
        BatchSize = Math.Min(batchSize, count);
        Count = dropLast ? count / batchSize * batchSize : count;
        _given = inputs;
        _inputs = [.. inputs.Select(input => new BatchColumn(input.All, input.All.Length / count, null, BatchSize))];
        _targets = [.. targets.Select(target => new BatchColumn(target.All, target.All.Length / count, null, BatchSize))];
        _batchInputs = new BatchValues[inputs.Length];
        _batchTargets = new BatchValues[targets.Length];
        _next = Count;
        Settings = string.Create(CultureInfo.InvariantCulture, $"{count} samples in batches of {batchSize}")
            + (dropLast ? ", the last dropped where it is short" : "")
            + (shuffleSeed is ulong seed ? string.Create(CultureInfo.InvariantCulture, $", shuffled by seed {seed}") : ", in their order");
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public int BatchSize { get; }

    /// <inheritdoc/>
    public string Settings { get; }

    /// <inheritdoc/>
    public void Start(int epoch, int firstBatch = 0) => Begin(epoch, firstBatch, forLoop: false);

    /// <inheritdoc/>
    public bool TryNext(out Batch batch) => Next(0, out batch);

    /// <inheritdoc/>
    public void Check(NetworkPorts ports, int minBatchSize = 1)
    {
        ArgumentNullException.ThrowIfNull(ports);
        for (int i = 0; i < Math.Min(_given.Length, ports.Inputs.Count); i++)
        {
            BatchValues all = _given[i].All;
            int size = all.Length / _order.Length;
            if (BatchChecks.OutsideRows(ports.Inputs[i], all.Labels.Span) is int at)
                throw BatchChecks.NoRow(ports.Inputs[i], all.Labels.Span[at], at / size, at % size, _given[i].Name);
        }
    }

    long IBatchSource.StartLoop(int epoch, int firstBatch) => Begin(epoch, firstBatch, forLoop: true);

    bool IBatchSource.TryNext(long loop, out Batch batch) => Next(loop, out batch);

    void IBatchSource.EndLoop(long loop) => _loops.End(loop);

    private long Begin(int epoch, int firstBatch, bool forLoop)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epoch, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstBatch, (Count + BatchSize - 1) / BatchSize);
        _loops.Enter();
        try
        {
            _loops.ThrowIfHeld();
            Seek(epoch, firstBatch);
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
            if (Gather(out batch))
                return true;
            _loops.Finished(loop);
            return false;
        }
        finally
        {
            _loops.Leave();
        }
    }

    private void Seek(int epoch, int firstBatch)
    {
        EpochOrder.Number(_order);
        if (_shuffleSeed is ulong seed)
            EpochOrder.Shuffle(_order, seed, epoch, EpochOrder.OfSamples);
        _next = (int)Math.Min((long)firstBatch * BatchSize, Count);
    }

    /// <summary>Puts the next samples into the batch.</summary>
    private bool Gather(out Batch batch)
    {
        int count = Math.Min(BatchSize, Count - _next);
        if (count == 0)
        {
            batch = default;
            return false;
        }
        ReadOnlySpan<int> samples = _order.AsSpan(_next, count);
        for (int i = 0; i < _inputs.Length; i++)
            _batchInputs[i] = _inputs[i].Gather(samples);
        for (int i = 0; i < _targets.Length; i++)
            _batchTargets[i] = _targets[i].Gather(samples);
        _next += count;
        batch = new Batch(count, _batchInputs, _batchTargets);
        return true;
    }

    private static T[] Required<T>(T[] values, [CallerArgumentExpression(nameof(values))] string? name = null)
        => values ?? throw new ArgumentNullException(name);

    private static (string Name, BatchValues All)[] Named(IReadOnlyList<BatchValues> all, string name)
    {
        ArgumentNullException.ThrowIfNull(all, name);
        return [.. all.Select((values, i) => ($"{name}[{i}]", values))];
    }
}
