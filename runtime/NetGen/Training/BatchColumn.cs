namespace NetGen;

/// <summary>One input, or one target: what all samples have of it, and what a batch has.</summary>
internal sealed class BatchColumn
{
    private readonly BatchValues _all;
    private readonly int _size;
    private readonly int[]? _starts;
    private readonly float[] _values;
    private readonly int[] _labels;

    /// <summary>A column.</summary>
    /// <param name="all">The values of all samples, one sample after the other.</param>
    /// <param name="size">Values of a sample, or of a position.</param>
    /// <param name="starts">
    /// For each sample the position that it begins at, and behind the last one all positions; null where a sample is one.
    /// </param>
    /// <param name="capacity">The most positions of a batch, which are samples without <paramref name="starts"/>.</param>
    public BatchColumn(BatchValues all, int size, int[]? starts, int capacity)
    {
        (_all, _size, _starts) = (all, size, starts);
        bool areInts = all.Labels.Length > 0;
        _values = new float[areInts ? 0 : capacity * size];
        _labels = new int[areInts ? capacity * size : 0];
    }

    /// <summary>Puts the given samples one behind the other.</summary>
    public BatchValues Gather(ReadOnlySpan<int> samples) => _labels.Length > 0
        ? _labels.AsMemory(0, Copy(_all.Labels.Span, samples, _labels))
        : _values.AsMemory(0, Copy(_all.Values.Span, samples, _values));

    private int Copy<T>(ReadOnlySpan<T> from, ReadOnlySpan<int> samples, Span<T> to)
    {
        int written = 0;
        foreach (int sample in samples)
        {
            (int start, int count) = _starts is null ? (sample, 1) : (_starts[sample], _starts[sample + 1] - _starts[sample]);
            from.Slice(start * _size, count * _size).CopyTo(to[written..]);
            written += count * _size;
        }
        return written;
    }
}
