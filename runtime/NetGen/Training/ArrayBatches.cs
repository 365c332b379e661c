using System.Globalization;
using System.Runtime.Intrinsics;
using NetGen.CompilerServices;

namespace NetGen;

/// <summary>Batches of samples that are all in memory, in their order or shuffled anew for each epoch.</summary>
public sealed class ArrayBatches : IBatchSource
{
    // Tells the shuffle's numbers from others that are drawn with the same seed.
    private const uint Stream = 0x53485546;

    private readonly float[] _input;
    private readonly int[]? _labels;
    private readonly float[]? _values;
    private readonly int _inputSize, _valueSize;
    private readonly ulong? _shuffleSeed;
    private readonly int[] _order;
    private readonly float[] _batchInput, _batchValues;
    private readonly int[] _batchLabels;
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
        : this(input, labels ?? throw new ArgumentNullException(nameof(labels)), null, labels.Length, batchSize, shuffleSeed, dropLast)
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
        : this(input, null, values ?? throw new ArgumentNullException(nameof(values)), count, batchSize, shuffleSeed, dropLast)
    {
    }

    private ArrayBatches(float[] input, int[]? labels, float[]? values, int count, int batchSize, ulong? shuffleSeed, bool dropLast)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (count < 1 || input.Length == 0 || input.Length % count != 0)
            throw new ArgumentException($"Expected as many values for each of {count} samples, got {input.Length} in all.", nameof(input));
        if (values != null && (values.Length == 0 || values.Length % count != 0))
            throw new ArgumentException($"Expected as many values for each of {count} samples, got {values.Length} in all.",
                nameof(values));
        if (dropLast && count < batchSize)
            throw new ArgumentException($"{count} samples are no whole batch of {batchSize}, and the last one is to be dropped.",
                nameof(batchSize));
        (_input, _labels, _values, _shuffleSeed) = (input, labels, values, shuffleSeed);
        (_inputSize, _valueSize) = (input.Length / count, (values?.Length ?? 0) / count);
        _order = new int[count];
        BatchSize = Math.Min(batchSize, count);
        Count = dropLast ? count / batchSize * batchSize : count;
        _batchInput = new float[BatchSize * _inputSize];
        _batchValues = new float[BatchSize * _valueSize];
        _batchLabels = new int[labels == null ? 0 : BatchSize];
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
        for (int i = 0; i < _order.Length; i++)
            _order[i] = i;
        if (_shuffleSeed is ulong seed)
        {
            // Fisher and Yates.
            for (int i = _order.Length - 1; i > 0; i--)
            {
                Vector128<uint> random = Philox.Generate(seed, (uint)i, (uint)epoch, 0, Stream);
                int other = (int)Math.BigMul(random.AsUInt64()[0], (ulong)(i + 1), out _);
                (_order[i], _order[other]) = (_order[other], _order[i]);
            }
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
        for (int i = 0; i < count; i++)
        {
            int sample = _order[_next + i];
            _input.AsSpan(sample * _inputSize, _inputSize).CopyTo(_batchInput.AsSpan(i * _inputSize));
            if (_labels != null)
                _batchLabels[i] = _labels[sample];
            else
                _values.AsSpan(sample * _valueSize, _valueSize).CopyTo(_batchValues.AsSpan(i * _valueSize));
        }
        _next += count;
        ReadOnlySpan<float> input = _batchInput.AsSpan(0, count * _inputSize);
        batch = _labels != null
            ? new Batch(count, input, _batchLabels.AsSpan(0, count))
            : new Batch(count, input, _batchValues.AsSpan(0, count * _valueSize));
        return true;
    }
}
