using System.Globalization;

namespace NetGen;

/// <summary>
/// What all samples have for one input or one target of <see cref="SequenceBatches"/>: positions, of which each sample has a number of its
/// own, or as many values as every other.
/// </summary>
/// <remarks>Arrays convert to it, so that a list of them can be written as <c>[tokens, images]</c>.</remarks>
public sealed class SampleValues
{
    /// <summary>Samples of ints, such as tokens, or a class index for each of them.</summary>
    /// <param name="samples">For each sample an int for each position. They are copied.</param>
    /// <exception cref="ArgumentException">There is no sample, or one is null or empty.</exception>
    public SampleValues(int[][] samples)
        : this(Joined(samples, 1, nameof(samples)), Lengths(samples, 1), 1)
    {
    }

    /// <summary>Samples of numbers.</summary>
    /// <param name="samples">For each sample the features of each position, one position behind the other. They are copied.</param>
    /// <param name="features">Numbers of a position.</param>
    /// <exception cref="ArgumentException">There is no sample, or one is null or empty or ends within a position.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are less than 1 features.</exception>
    public SampleValues(float[][] samples, int features = 1)
        : this(Joined(samples, features, nameof(samples)), Lengths(samples, features), features)
    {
    }

    /// <summary>Samples that stand one behind the other.</summary>
    /// <param name="values">The numbers, or ints, of all positions of all samples.</param>
    /// <param name="lengths">How many positions each sample has. They are copied.</param>
    /// <param name="features">Numbers, or ints, of a position.</param>
    /// <exception cref="ArgumentException">
    /// There is no sample, or one has no position, or there are not as many values as the lengths say.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">There are less than 1 features.</exception>
    public SampleValues(BatchValues values, ReadOnlySpan<int> lengths, int features = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        if (lengths.IsEmpty)
            throw new ArgumentException("Expected at least one sample.", nameof(lengths));
        var starts = new int[lengths.Length + 1];
        long positions = 0;
        for (int i = 0; i < lengths.Length; i++)
        {
            if (lengths[i] < 1)
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"Sample {i} has a length of {lengths[i]}: expected at least one position."), nameof(lengths));
            positions += lengths[i];
            starts[i + 1] = (int)Math.Min(positions, int.MaxValue);
        }
        if (positions * features != values.Length)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Expected {positions * features} values, {features} "
                + $"for each of the {positions} positions that the lengths of {lengths.Length} samples say, got {values.Length}."),
                nameof(values));
        (Values, Starts, Features) = (values, starts, features);
    }

    /// <summary>Samples that all have as many values.</summary>
    /// <param name="values">The numbers, or ints, of all samples, one sample after the other.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public SampleValues(BatchValues values)
    {
        if (values.Length == 0)
            throw new ArgumentException("Expected at least one value.", nameof(values));
        Values = values;
    }

    /// <summary>The numbers, or ints, of all samples, one sample after the other.</summary>
    public BatchValues Values { get; }

    /// <summary>Each sample has a number of positions of its own.</summary>
    public bool HasLengths => Starts is not null;

    /// <summary>Numbers, or ints, of a position; 0 where samples have none.</summary>
    public int Features { get; }

    /// <summary>
    /// Of an input that the network declares with <c>Like</c>: the values of the input whose lengths it has, which stand before these in
    /// the list of inputs. Null, the default, where the lengths are its own.
    /// </summary>
    public SampleValues? Like { get; init; }

    /// <summary>What some of the samples have, copied.</summary>
    /// <param name="samples">Their numbers, which the caller knows to be some.</param>
    /// <param name="count">How many samples there are.</param>
    /// <param name="like">What stands for <see cref="Like"/>.</param>
    internal SampleValues Subset(ReadOnlySpan<int> samples, int count, SampleValues? like)
    {
        int size = HasLengths ? Features : Values.Length / count;
        int positions = 0;
        foreach (int sample in samples)
            positions += HasLengths ? LengthOf(sample) : 1;
        var column = new BatchColumn(Values, size, Starts, positions);
        // The column's memory is its own, and so this object's.
        BatchValues values = column.Gather(samples);
        if (!HasLengths)
            return new SampleValues(values);
        var lengths = new int[samples.Length];
        for (int i = 0; i < lengths.Length; i++)
            lengths[i] = LengthOf(samples[i]);
        return new SampleValues(values, lengths, Features) { Like = like };
    }

    /// <summary>The position that each sample begins at, and behind the last one all positions; null where samples have none.</summary>
    internal int[]? Starts { get; }

    /// <summary>How many positions a sample has, of values that have lengths.</summary>
    internal int LengthOf(int sample) => Starts![sample + 1] - Starts[sample];

    /// <summary>The first sample with another number of positions; −1 where there is none.</summary>
    internal int FirstUnlike(SampleValues other)
    {
        int common = Starts.AsSpan().CommonPrefixLength(other.Starts);
        return common == Starts!.Length ? -1 : common - 1;
    }

    /// <summary>Samples of ints, each of as many as it has.</summary>
    /// <param name="samples">For each sample an int for each position.</param>
    public static implicit operator SampleValues(int[][] samples) => new(samples);

    /// <summary>Samples of numbers, one for each position.</summary>
    /// <param name="samples">For each sample a number for each position.</param>
    public static implicit operator SampleValues(float[][] samples) => new(samples);

    /// <summary>Ints, as many for each sample.</summary>
    /// <param name="values">The ints of all samples.</param>
    public static implicit operator SampleValues(int[] values) => new((BatchValues)values);

    /// <summary>Numbers, as many for each sample.</summary>
    /// <param name="values">The numbers of all samples.</param>
    public static implicit operator SampleValues(float[] values) => new((BatchValues)values);

    private static T[] Joined<T>(T[][] samples, int features, string name)
    {
        ArgumentNullException.ThrowIfNull(samples, name);
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        long count = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            if (samples[i] is not { Length: > 0 } sample)
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"Sample {i} is {(samples[i] is null ? "null" : "empty")}: expected at least one position."), name);
            if (sample.Length % features != 0)
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"Sample {i} has {sample.Length} values, which are no whole positions of {features}."), name);
            count += sample.Length;
        }
        if (count > Array.MaxLength)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The samples have {count} values together, which exceeds what an array holds."), name);
        var all = new T[count];
        int written = 0;
        foreach (T[] sample in samples)
        {
            sample.CopyTo(all, written);
            written += sample.Length;
        }
        return all;
    }

    private static int[] Lengths<T>(T[][] samples, int features) => Array.ConvertAll(samples, sample => sample.Length / features);
}
