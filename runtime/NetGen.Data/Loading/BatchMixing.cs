using System.Globalization;
using System.Numerics;

namespace NetGen.Data;

/// <summary>
/// Batches of another source in which each sample is mixed with the one before it, and so are their targets: class indices become shares of
/// the classes, as <c>CrossEntropyLoss</c> takes them. For training; what is validated on is not mixed.
/// </summary>
/// <remarks>
/// What is mixed, and how, is a function of seed, epoch and batch. The memory of a batch belongs to this source, and is valid until the
/// next is asked for; nothing is allocated after the first batch.
/// </remarks>
public abstract class BatchMixing : IBatchSource
{
    private readonly IBatchSource _source;
    private readonly int _classes;
    private readonly double _alpha;
    private readonly ulong _seed;
    private float[] _input = [], _targets = [], _given = [];
    private int _epoch, _batch;

    private protected BatchMixing(IBatchSource source, int classes, double alpha, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        if (!(alpha > 0 && double.IsFinite(alpha)))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "Expected a finite number above 0.");
        (_source, _classes, _alpha, _seed) = (source, classes, alpha, seed);
    }

    /// <inheritdoc/>
    public int Count => _source.Count;

    /// <inheritdoc/>
    public int BatchSize => _source.BatchSize;

    /// <inheritdoc/>
    public string Settings => string.Create(CultureInfo.InvariantCulture,
        $"{_source.Settings}, mixed by {GetType().Name}({_classes}, {_alpha}) with seed {_seed}");

    /// <inheritdoc/>
    public void Start(int epoch, int firstBatch = 0)
    {
        _source.Start(epoch, firstBatch);
        (_epoch, _batch) = (epoch, firstBatch);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">
    /// The batch has ints for samples, or several inputs or targets, or a label that is none of the classes.
    /// </exception>
    public bool TryNext(out Batch batch)
    {
        int number = _batch++;
        return _source.TryNext(out batch) && Mix(ref batch, number);
    }

    /// <inheritdoc/>
    public void Check(NetworkPorts ports, int minBatchSize = 1) => _source.Check(ports, minBatchSize);

    long IBatchSource.StartLoop(int epoch, int firstBatch)
    {
        long loop = _source.StartLoop(epoch, firstBatch);
        (_epoch, _batch) = (epoch, firstBatch);
        return loop;
    }

    bool IBatchSource.TryNext(long loop, out Batch batch)
    {
        int number = _batch++;
        return _source.TryNext(loop, out batch) && Mix(ref batch, number);
    }

    void IBatchSource.EndLoop(long loop) => _source.EndLoop(loop);

    /// <summary>Mixes the samples.</summary>
    /// <param name="samples">The samples as they were given.</param>
    /// <param name="count">How many.</param>
    /// <param name="share">The share that was drawn.</param>
    /// <param name="random">For what else is drawn.</param>
    /// <param name="mixed">Receives the samples.</param>
    /// <returns>The share that each sample has kept.</returns>
    private protected abstract double Mix(ReadOnlySpan<float> samples, int count, double share, ref SampleRandom random, Span<float> mixed);

    /// <summary>Each row times its share and the row before it, the last before the first, times the rest.</summary>
    private protected static void Blend(ReadOnlySpan<float> rows, int count, float share, float rest, Span<float> mixed)
    {
        int length = rows.Length / count;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> row = rows.Slice(i * length, length), before = rows.Slice((i + count - 1) % count * length, length);
            Span<float> to = mixed.Slice(i * length, length);
            int j = 0;
            for (; j <= length - Vector<float>.Count; j += Vector<float>.Count)
                (new Vector<float>(before[j..]) * rest + new Vector<float>(row[j..]) * share).CopyTo(to[j..]);
            for (; j < length; j++)
                to[j] = before[j] * rest + row[j] * share;
        }
    }

    private bool Mix(ref Batch batch, int number)
    {
        if (batch.InputCount != 1 || batch.TargetCount != 1 || batch.Input.IsEmpty)
            throw new InvalidOperationException($"{GetType().Name}: expected batches of one input of floats and one target.");
        int count = batch.Count;
        Grow(ref _input, batch.Input.Length);
        ReadOnlySpan<float> targets = batch.Values;
        if (!batch.Labels.IsEmpty)
        {
            Grow(ref _given, count * _classes);
            Span<float> shares = _given.AsSpan(0, count * _classes);
            shares.Clear();
            for (int i = 0; i < count; i++)
            {
                int label = batch.Labels[i];
                if ((uint)label >= (uint)_classes)
                    throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                        $"{GetType().Name}: expected labels from 0 to {_classes - 1}, got {label} for sample {i} of batch {number}."));
                shares[i * _classes + label] = 1;
            }
            targets = shares;
        }
        Grow(ref _targets, targets.Length);
        var random = new SampleRandom(_seed, _epoch, number, SampleRandom.Mix);
        Span<float> input = _input.AsSpan(0, batch.Input.Length), mixed = _targets.AsSpan(0, targets.Length);
        double share = Mix(batch.Input, count, random.NextBeta(_alpha), ref random, input);
        Blend(targets, count, (float)share, (float)(1 - share), mixed);
        batch = new Batch(count, input, (ReadOnlySpan<float>)mixed);
        return true;
    }

    private static void Grow(ref float[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = new float[length];
    }
}
