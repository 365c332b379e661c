using System.Globalization;
using System.Runtime.CompilerServices;

namespace NetGen;

/// <summary>
/// Batches of samples that are all in memory: in their order, shuffled anew for each epoch, or drawn by weights.
/// </summary>
/// <remarks>
/// <see cref="ForClasses(BatchValues, int[], BatchOptions)"/>, <see cref="ForValues(BatchValues, float[], int, BatchOptions)"/> and <see
/// cref="ForPorts"/> say by their names what the targets are, and by <see cref="BatchOptions"/> what each number is. Of the constructors
/// the third argument is the size of a batch where the targets are class indices, and the number of samples where they are values.
/// </remarks>
public sealed class ArrayBatches : IBatchSource
{
    private readonly BatchColumn[] _inputs, _targets;
    private readonly (string Name, BatchValues All)[] _given;
    private readonly BatchValues[] _batchInputs, _batchTargets;
    private readonly ulong? _shuffleSeed;
    private readonly int[] _order;
    private readonly int[]? _samples;
    private readonly int _total;
    private readonly WeightedOrder? _weighted;
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
        : this([(nameof(input), Required(input))], [(nameof(labels), Required(labels))], labels.Length,
            Options(batchSize, shuffleSeed, dropLast))
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
        : this([(nameof(input), Required(input))], [(nameof(values), Required(values))], count,
            Options(batchSize, shuffleSeed, dropLast))
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
        : this([(nameof(input), Required(input))], [(nameof(labels), Required(labels))], labels.Length,
            Options(batchSize, shuffleSeed, dropLast))
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
        : this([(nameof(input), Required(input))], [(nameof(values), Required(values))], count,
            Options(batchSize, shuffleSeed, dropLast))
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
        : this(Named(inputs, nameof(inputs)), Named(targets, nameof(targets)), count,
            Options(batchSize, shuffleSeed, dropLast))
    {
    }

    private ArrayBatches(
        (string Name, BatchValues All)[] inputs, (string Name, BatchValues All)[] targets, int total, BatchOptions options,
        int[]? samples = null)
    {
        int batchSize = options.BatchSize;
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (inputs.Length == 0)
            throw new ArgumentException("Expected at least one input.", nameof(inputs));
        foreach ((string name, BatchValues all) in inputs.Concat(targets))
        {
            if (total < 1 || all.Length == 0 || all.Length % total != 0)
                throw new ArgumentException($"Expected as many values for each of {total} samples, got {all.Length} in all.", name);
        }
        int count = samples?.Length ?? total;
        _weighted = WeightedOrder.Of(options, count);
        int drawn = _weighted?.Count ?? count;
        if (options.DropLast && drawn < batchSize)
            throw new ArgumentException($"{drawn} samples are no whole batch of {batchSize}, and the last one is to be dropped.",
                nameof(batchSize));
        (_total, _samples, _shuffleSeed) = (total, samples, options.ShuffleSeed);
        _order = new int[drawn];
        BatchSize = Math.Min(batchSize, drawn);
        Count = options.DropLast ? drawn / batchSize * batchSize : drawn;
        _given = [.. inputs, .. targets];
        _inputs = [.. inputs.Select(input => new BatchColumn(input.All, input.All.Length / total, null, BatchSize))];
        _targets = [.. targets.Select(target => new BatchColumn(target.All, target.All.Length / total, null, BatchSize))];
        _batchInputs = new BatchValues[inputs.Length];
        _batchTargets = new BatchValues[targets.Length];
        _next = Count;
        Settings = string.Create(CultureInfo.InvariantCulture, $"{count} samples in batches of {batchSize}")
            + (samples is null ? "" : Subsets.Words(samples, total))
            + (options.DropLast ? ", the last dropped where it is short" : "")
            + (_weighted is not null ? $", {_weighted}" : options.ShuffleSeed is ulong seed
                ? string.Create(CultureInfo.InvariantCulture, $", shuffled by seed {seed}") : ", in their order");
    }

    /// <summary>Samples that have a class each, for <c>CrossEntropyLoss</c> and the like.</summary>
    /// <param name="input">The samples, one after the other: an array of floats, or of ints such as tokens.</param>
    /// <param name="labels">The class index of each; as many as there are samples.</param>
    /// <param name="options">The size of a batch, and the order.</param>
    /// <exception cref="ArgumentException">
    /// There are no samples, or the values are not as many for each, or no batch is left, or the weights do not fit.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1.</exception>
    public static ArrayBatches ForClasses(BatchValues input, int[] labels, BatchOptions options)
        => new([(nameof(input), input)], [(nameof(labels), Required(labels))], labels.Length, Required(options));

    /// <summary>Samples that have values for targets, for <c>MSELoss</c>, <c>BCEWithLogitsLoss</c> and the like.</summary>
    /// <param name="input">The samples, one after the other: an array of floats, or of ints such as tokens.</param>
    /// <param name="values">What the outputs should be, one sample after the other.</param>
    /// <param name="count">How many samples there are.</param>
    /// <param name="options">The size of a batch, and the order.</param>
    /// <exception cref="ArgumentException">
    /// There are no samples, or the values are not as many for each, or no batch is left, or the weights do not fit.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1.</exception>
    public static ArrayBatches ForValues(BatchValues input, float[] values, int count, BatchOptions options)
        => new([(nameof(input), input)], [(nameof(values), Required(values))], count, Required(options));

    /// <summary>
    /// Samples of any number of inputs and targets, for networks with several, or with a class for each position of a sample.
    /// </summary>
    /// <param name="inputs">For each input its values, or ints, of all samples, in the order of the network's inputs.</param>
    /// <param name="targets">
    /// For each target its values or class indices of all samples, in the order of the network's targets; empty for none.
    /// </param>
    /// <param name="count">How many samples there are.</param>
    /// <param name="options">The size of a batch, and the order.</param>
    /// <exception cref="ArgumentException">
    /// There are no samples or no inputs, or one has not as many values for each sample, or no batch is left, or the weights do not fit.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1.</exception>
    public static ArrayBatches ForPorts(
        IReadOnlyList<BatchValues> inputs, IReadOnlyList<BatchValues> targets, int count, BatchOptions options)
        => new(Named(inputs, nameof(inputs)), Named(targets, nameof(targets)), count, Required(options));

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public int BatchSize { get; }

    /// <inheritdoc/>
    public string Settings { get; }

    /// <summary>A source of some of these samples, over the same arrays: a fold, say, of <see cref="KFold"/>.</summary>
    /// <param name="samples">Their numbers among all that this source was made of, in the order in which they come without a seed.</param>
    /// <param name="batchSize">Samples of a batch; the last may have fewer.</param>
    /// <param name="shuffleSeed">The order is drawn from this and the epoch's number; null keeps the given order.</param>
    /// <param name="dropLast">Leaves out a last batch with fewer samples.</param>
    /// <exception cref="ArgumentException">There is no sample, or a number is none of a sample, or no batch is left.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1.</exception>
    public ArrayBatches Subset(ReadOnlySpan<int> samples, int batchSize, ulong? shuffleSeed = null, bool dropLast = false)
    {
        Subsets.Check(samples, _total);
        return new ArrayBatches(_given[.._inputs.Length], _given[_inputs.Length..], _total, Options(batchSize, shuffleSeed, dropLast),
            samples.ToArray());
    }

    /// <inheritdoc/>
    public void Start(int epoch, int firstBatch = 0) => Begin(epoch, firstBatch, forLoop: false);

    /// <inheritdoc/>
    public bool TryNext(out Batch batch) => Next(0, out batch);

    /// <inheritdoc/>
    public void Check(NetworkPorts ports, int minBatchSize = 1)
    {
        ArgumentNullException.ThrowIfNull(ports);
        for (int i = 0; i < Math.Min(_inputs.Length, ports.Inputs.Count); i++)
        {
            (string name, BatchValues all) = _given[i];
            NetworkPort port = ports.Inputs[i];
            if (First(all, labels => BatchChecks.OutsideRows(port, labels)) is var (sample, place, value))
                throw BatchChecks.NoRow(port, value, sample, place, name);
        }
        for (int i = 0; i < Math.Min(_targets.Length, ports.Targets.Count); i++)
        {
            (string name, BatchValues all) = _given[_inputs.Length + i];
            NetworkTarget target = ports.Targets[i];
            if (First(all, labels => BatchChecks.OutsideClasses(target, labels)) is var (sample, _, label))
                throw BatchChecks.NoClass(target, label,
                    string.Create(CultureInfo.InvariantCulture, $"of sample {sample}"), name);
        }
    }

    private delegate int? Finder(ReadOnlySpan<int> values);

    /// <summary>The first of the source's ints that something is found at; null for none.</summary>
    private (int Sample, int Place, int Value)? First(BatchValues all, Finder find)
    {
        ReadOnlySpan<int> ints = all.Labels.Span;
        int size = all.Length / _total;
        if (_samples is null)
            return find(ints) is int at ? (at / size, at % size, ints[at]) : null;
        foreach (int sample in ints.IsEmpty ? [] : _samples)
        {
            if (find(ints.Slice(sample * size, size)) is int place)
                return (sample, place, ints[sample * size + place]);
        }
        return null;
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
        if (_weighted is not null)
        {
            _weighted.Draw(_order, epoch);
        }
        else
        {
            EpochOrder.Number(_order);
            if (_shuffleSeed is ulong seed)
                EpochOrder.Shuffle(_order, seed, epoch, EpochOrder.OfSamples);
        }
        if (_samples is not null)
        {
            // What was drawn are places among the chosen samples.
            for (int i = 0; i < _order.Length; i++)
                _order[i] = _samples[_order[i]];
        }
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

    private static T Required<T>(T value, [CallerArgumentExpression(nameof(value))] string? name = null)
        where T : class => value ?? throw new ArgumentNullException(name);

    private static BatchOptions Options(int batchSize, ulong? shuffleSeed, bool dropLast)
        => new() { BatchSize = batchSize, ShuffleSeed = shuffleSeed, DropLast = dropLast };

    private static (string Name, BatchValues All)[] Named(IReadOnlyList<BatchValues> all, string name)
    {
        ArgumentNullException.ThrowIfNull(all, name);
        return [.. all.Select((values, i) => ($"{name}[{i}]", values))];
    }
}
