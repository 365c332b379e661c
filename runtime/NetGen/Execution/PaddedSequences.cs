using System.Globalization;

namespace NetGen;

/// <summary>
/// Takes padded batches apart, as tokenizers and other libraries make them, into what networks with lengths of their own are given: the
/// positions of all samples one behind the other without padding, and how many each sample has. The way back is
/// <see cref="Pad{T}"/>.
/// </summary>
/// <example>
/// <code>
/// // ids and mask are (batch, 128), 1 in the mask where a token is; padding may be on either side.
/// int count = PaddedSequences.Remove&lt;int&gt;(ids, mask, 128, tokens, lengths);
/// session.Forward(tokens.AsSpan(0, count), lengths, output);
/// </code>
/// </example>
public static class PaddedSequences
{
    /// <summary>Removes padding by a mask.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="padded">Values of n samples of <paramref name="length"/> positions each; each position has as many.</param>
    /// <param name="mask">n × <paramref name="length"/> numbers: 1 where a position exists, 0 where it is padding.</param>
    /// <param name="length">Positions of a sample with its padding.</param>
    /// <param name="values">Receives the values of the positions that exist, one sample's behind the other's.</param>
    /// <param name="lengths">Receives for each of the n samples how many positions it has.</param>
    /// <returns>How many values were written.</returns>
    /// <exception cref="ArgumentException">
    /// A length does not fit; a sample has no position, or padding between its positions; the mask has other numbers than 0 and 1. What was
    /// written until then is undefined.
    /// </exception>
    public static int Remove<T>(ReadOnlySpan<T> padded, ReadOnlySpan<int> mask, int length, Span<T> values, Span<int> lengths)
    {
        int samples = Samples(mask.Length, length, nameof(mask)), each = Each(padded.Length, samples, length, nameof(padded)), written = 0;
        CheckLengths(lengths.Length, samples, nameof(lengths));
        for (int n = 0; n < samples; n++)
        {
            ReadOnlySpan<int> row = mask.Slice(n * length, length);
            (int first, lengths[n]) = Run(row, n, nameof(mask));
            ReadOnlySpan<T> own = padded.Slice((n * length + first) * each, lengths[n] * each);
            if (own.Length > values.Length - written)
                throw TooShort(values.Length, nameof(values));
            own.CopyTo(values[written..]);
            written += own.Length;
        }
        return written;
    }

    /// <summary>Removes padding behind the samples, whose lengths are known.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="padded">Values of n samples of <paramref name="length"/> positions each; each position has as many.</param>
    /// <param name="lengths">For each of the n samples how many positions it has.</param>
    /// <param name="length">Positions of a sample with its padding.</param>
    /// <param name="values">Receives the values of the positions that exist, one sample's behind the other's.</param>
    /// <returns>How many values were written.</returns>
    /// <exception cref="ArgumentException">A length does not fit; nothing was written.</exception>
    public static int Remove<T>(ReadOnlySpan<T> padded, ReadOnlySpan<int> lengths, int length, Span<T> values)
    {
        int each = Each(padded.Length, lengths.Length, length, nameof(padded)), written = 0;
        if (Total(lengths, length, nameof(lengths)) * each > values.Length)
            throw TooShort(values.Length, nameof(values));
        for (int n = 0; n < lengths.Length; n++)
        {
            ReadOnlySpan<T> own = padded.Slice(n * length * each, lengths[n] * each);
            own.CopyTo(values[written..]);
            written += own.Length;
        }
        return written;
    }

    /// <summary>Puts padding behind the positions of each sample.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="values">The values of all samples, one's behind the other's; each position has as many.</param>
    /// <param name="lengths">For each of the n samples how many positions it has.</param>
    /// <param name="length">Positions of a sample with its padding.</param>
    /// <param name="padding">What padding consists of.</param>
    /// <param name="padded">Receives n × <paramref name="length"/> positions.</param>
    /// <exception cref="ArgumentException">A length does not fit; nothing was written.</exception>
    public static void Pad<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> lengths, int length, T padding, Span<T> padded)
    {
        int each = Each(padded.Length, lengths.Length, length, nameof(padded)), read = 0;
        long total = Total(lengths, length, nameof(lengths)) * each;
        if (values.Length != total)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"Expected {total} values, {each} for each of the positions that lengths says, got {values.Length}."), nameof(values));
        padded.Fill(padding);
        for (int n = 0; n < lengths.Length; n++)
        {
            values.Slice(read, lengths[n] * each).CopyTo(padded[(n * length * each)..]);
            read += lengths[n] * each;
        }
    }

    /// <summary>
    /// Turns offsets, by which PyTorch's <c>EmbeddingBag</c> tells where each bag begins among the ints of all, into lengths.
    /// </summary>
    /// <param name="offsets">
    /// For each of the n samples where it begins: 0 for the first, and each of the others behind the one in front of it. Where
    /// <paramref name="includeLastOffset"/> says so, <paramref name="count"/> comes last, as with PyTorch's <c>include_last_offset</c>.
    /// </param>
    /// <param name="count">Positions of all samples together.</param>
    /// <param name="lengths">Receives for each of the n samples how many positions it has.</param>
    /// <param name="includeLastOffset">There is one more offset than samples, the end of the last.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="lengths"/> has not room for n; the offsets do not begin with 0, do not rise or go beyond <paramref name="count"/>; a
    /// sample is empty, which networks do not take. Nothing was written.
    /// </exception>
    public static void LengthsOfOffsets(ReadOnlySpan<int> offsets, int count, Span<int> lengths, bool includeLastOffset = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (includeLastOffset && offsets.IsEmpty)
            throw new ArgumentException("Expected the end of the last sample behind the offsets, got no offset.", nameof(offsets));
        int samples = offsets.Length - (includeLastOffset ? 1 : 0);
        CheckLengths(lengths.Length, samples, nameof(lengths));
        if (includeLastOffset && offsets[^1] != count)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The last offset is {offsets[^1]}: expected {count}, the positions of all samples."), nameof(offsets));
        int begin = 0;
        for (int n = 0; n < samples; n++)
        {
            int end = n + 1 < samples ? offsets[n + 1] : count;
            if (offsets[n] != begin)
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"The offset of sample 0 is {offsets[n]}: expected 0."), nameof(offsets));
            if (end < begin)
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The offset of sample {n} is {begin}, "
                    + $"and {(n + 1 < samples ? $"that of sample {n + 1} {end}" : $"there are {count} positions")}."), nameof(offsets));
            if (end == begin)
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"Sample {n} has no position: it begins and ends at {begin}."), nameof(offsets));
            begin = end;
        }
        if (begin != count)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"There are {count} positions and no sample for them."), nameof(offsets));
        for (int n = 0; n < samples; n++)
            lengths[n] = (n + 1 < samples ? offsets[n + 1] : count) - offsets[n];
    }

    // The one run of ones in a sample's mask.
    private static (int First, int Count) Run(ReadOnlySpan<int> mask, int sample, string name)
    {
        int other = mask.IndexOfAnyExcept(0, 1);
        if (other >= 0)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The mask of sample {sample} has a {mask[other]} at position {other}; expected 1, or 0 for padding."), name);
        int first = mask.IndexOf(1);
        if (first < 0)
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"Sample {sample} has no position: its mask is 0."), name);
        int count = mask.LastIndexOf(1) - first + 1, gap = mask.Slice(first, count).IndexOf(0);
        if (gap >= 0)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"Sample {sample} has padding at position {first + gap}, between positions that exist."), name);
        return (first, count);
    }

    private static int Samples(int count, int length, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        return count % length == 0 ? count / length : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
            $"Expected a multiple of {length} numbers, one for each position of a sample, got {count}."), name);
    }

    private static int Each(int count, int samples, int length, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        long positions = (long)samples * length;
        if (positions == 0 ? count != 0 : count % positions != 0 || count == 0)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"Expected as many values for each of {samples} × {length} positions, got {count}."), name);
        return positions == 0 ? 0 : (int)(count / positions);
    }

    private static long Total(ReadOnlySpan<int> lengths, int most, string name)
    {
        long total = 0;
        for (int n = 0; n < lengths.Length; n++)
        {
            if (lengths[n] < 0 || lengths[n] > most)
                throw new ArgumentOutOfRangeException(name, lengths[n], string.Create(CultureInfo.InvariantCulture,
                    $"Sample {n} has a length of {lengths[n]}: expected 0 to {most} positions."));
            total += lengths[n];
        }
        return total;
    }

    private static void CheckLengths(int count, int samples, string name)
    {
        if (count != samples)
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"Expected room for {samples} lengths, got {count}."), name);
    }

    private static ArgumentException TooShort(int length, string name) => new(string.Create(CultureInfo.InvariantCulture,
        $"The positions that exist have more values than there is room for, {length}."), name);
}
