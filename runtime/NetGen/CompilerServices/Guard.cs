using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace NetGen.CompilerServices;

/// <summary>
/// Argument checks of generated code. The checks are inlined, the messages are not, so that the hot path stays short.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Guard
{
    /// <summary>Number of samples in a span that must hold 1 to <paramref name="maximum"/> whole samples.</summary>
    /// <param name="length">Length of the span.</param>
    /// <param name="size">Elements of one sample.</param>
    /// <param name="maximum">Most samples that the session or trainer takes.</param>
    /// <param name="parameterName">Name of the span's parameter.</param>
    /// <exception cref="ArgumentException">The length is zero, no multiple of the size, or too large.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Samples(int length, int size, int maximum, string parameterName)
    {
        int samples = length / size;
        if (samples * size != length || (uint)(samples - 1) >= (uint)maximum)
            ThrowSamples(length, size, maximum, parameterName);
        return samples;
    }

    /// <summary>Checks that a span has exactly one value, or one output, for each of the given samples.</summary>
    /// <param name="length">Length of the span.</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="size">Elements for one sample.</param>
    /// <param name="parameterName">Name of the span's parameter.</param>
    /// <exception cref="ArgumentException">The length is not samples · size.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Length(int length, int samples, int size, string parameterName)
    {
        if (length != (long)samples * size)
            ThrowLength(length, samples, size, parameterName);
    }

    /// <summary>Like <see cref="Length"/>, for a span that may also be empty because the caller does not want the result.</summary>
    /// <param name="length">Length of the span.</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="size">Elements for one sample.</param>
    /// <param name="parameterName">Name of the span's parameter.</param>
    /// <exception cref="ArgumentException">The length is neither zero nor samples · size.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LengthOrEmpty(int length, int samples, int size, string parameterName)
    {
        if (length != 0 && length != (long)samples * size)
            ThrowLength(length, samples, size, parameterName);
    }

    /// <summary>Checks that a batch gives a normalisation, which sees one value of a channel in each sample, more than one.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="layer">The layer that needs them.</param>
    /// <param name="parameterName">Name of the span's parameter.</param>
    /// <exception cref="ArgumentException">There is one sample only.</exception>
    public static void BatchStatistics(int samples, string layer, string parameterName)
    {
        if (samples < 2)
            throw new ArgumentException($"{layer}, needs more than one value of each channel in training, but the batch is one "
                + $"sample; expected two samples or more.", parameterName);
    }

    /// <summary>
    /// Checks class indices, each from 0 to <paramref name="classes"/> − 1 or <paramref name="ignoreIndex"/>, and sums the weights of those
    /// that are not to be ignored: what the mean over them divides by.
    /// </summary>
    /// <param name="labels">The class indices.</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="perSample">Labels for one sample.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="ignoreIndex">The label that is to be ignored; it may be a class.</param>
    /// <param name="weights">A weight for each class; empty for 1.</param>
    /// <param name="parameterName">Name of the span's parameter.</param>
    /// <exception cref="ArgumentException">There are fewer or more labels than samples · perSample.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is neither a class nor the one to ignore.</exception>
    public static double Labels(ReadOnlySpan<int> labels, int samples, int perSample, int classes, int ignoreIndex,
        ReadOnlySpan<float> weights, string parameterName)
    {
        Length(labels.Length, samples, perSample, parameterName);
        int counted = 0;
        double sum = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            int label = labels[i];
            if (label == ignoreIndex)
                continue;
            if ((uint)label >= (uint)classes)
                ThrowLabel(i, label, classes, ignoreIndex, parameterName);
            counted++;
            if (weights.Length > 0)
                sum += weights[label];
        }
        return weights.Length > 0 ? sum : counted;
    }

    /// <summary>Checks that all values of an input are numbers of rows of a table: from 0 to <paramref name="rows"/> − 1.</summary>
    /// <param name="values">The values of all samples.</param>
    /// <param name="size">Values of one sample.</param>
    /// <param name="rows">Rows of the table.</param>
    /// <param name="parameterName">Name of the span's parameter.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is the number of no row.</exception>
    public static void Indices(ReadOnlySpan<int> values, int size, int rows, string parameterName)
    {
        // Vectors of it, so that the check costs nothing beside reading the rows.
        int outside = values.IndexOfAnyExceptInRange(0, rows - 1);
        if (outside >= 0)
            ThrowIndex(values[outside], outside / size, outside % size, rows, parameterName);
    }

    /// <summary>Checks lengths of samples, and adds them up.</summary>
    /// <param name="lengths">For each sample the number of its positions.</param>
    /// <param name="maximum">Most samples that the session or trainer takes.</param>
    /// <param name="most">Most positions that a sample may have.</param>
    /// <param name="positions">The positions of all samples.</param>
    /// <param name="parameterName">Name of the span's parameter.</param>
    /// <returns>The number of samples.</returns>
    /// <exception cref="ArgumentException">There is no sample, or there are too many.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A length is below 1, or above what a sample may have.</exception>
    public static int Lengths(ReadOnlySpan<int> lengths, int maximum, int most, out int positions, string parameterName)
    {
        if ((uint)(lengths.Length - 1) >= (uint)maximum)
            ThrowSampleLengths(lengths.Length, maximum, parameterName);
        long sum = 0;
        for (int i = 0; i < lengths.Length; i++)
        {
            if ((uint)(lengths[i] - 1) >= (uint)most)
                ThrowSampleLength(i, lengths[i], most, parameterName);
            sum += lengths[i];
        }
        // More than a span can hold: the check of that says so.
        positions = (int)Math.Min(sum, int.MaxValue);
        return lengths.Length;
    }

    /// <summary>Checks that a span has its values for each position of each sample.</summary>
    /// <param name="length">Length of the span.</param>
    /// <param name="positions">The positions of all samples.</param>
    /// <param name="size">Elements for one position.</param>
    /// <param name="parameterName">Name of the span's parameter.</param>
    /// <exception cref="ArgumentException">The length is not positions · size.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Positions(int length, int positions, int size, string parameterName)
    {
        if (length != (long)positions * size)
            ThrowPositions(length, positions, size, parameterName);
    }

    /// <summary>Checks that all values of an input are numbers of rows of a table: from 0 to <paramref name="rows"/> − 1.</summary>
    /// <param name="values">The values of all samples.</param>
    /// <param name="lengths">How many values each sample has.</param>
    /// <param name="rows">Rows of the table.</param>
    /// <param name="parameterName">Name of the span's parameter.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is the number of no row.</exception>
    public static void Indices(ReadOnlySpan<int> values, ReadOnlySpan<int> lengths, int rows, string parameterName)
    {
        int outside = values.IndexOfAnyExceptInRange(0, rows - 1);
        if (outside < 0)
            return;
        int sample = 0, position = outside;
        while (position >= lengths[sample])
            position -= lengths[sample++];
        ThrowIndex(values[outside], sample, position, rows, parameterName);
    }

    /// <summary>Checks the labels of pairs: one for each sample, each 1 or −1.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="parameterName">Name of the span's parameter.</param>
    /// <exception cref="ArgumentException">There are fewer or more labels than samples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is neither 1 nor −1.</exception>
    public static void PairLabels(ReadOnlySpan<int> labels, int samples, string parameterName)
    {
        Length(labels.Length, samples, 1, parameterName);
        int wrong = labels.IndexOfAnyExcept(1, -1);
        if (wrong >= 0)
            ThrowPairLabel(wrong, labels[wrong], parameterName);
    }

    /// <summary>
    /// Checks the losses of a batch for the −∞ by which a kernel says that the network's output is outside of what the loss is defined for.
    /// </summary>
    /// <param name="losses">The losses, one for each sample.</param>
    /// <param name="requirement">What the output must be.</param>
    /// <exception cref="ArithmeticException">An output is outside.</exception>
    public static void OutputAllowed(ReadOnlySpan<double> losses, string requirement)
    {
        int outside = losses.IndexOf(double.NegativeInfinity);
        if (outside >= 0)
            ThrowOutput(outside, requirement);
    }

    /// <summary>Checks the batch size that a session or trainer is made for.</summary>
    /// <param name="batch">Number of samples, at least 1.</param>
    /// <param name="parameterName">Name of the parameter.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1.</exception>
    public static void Batch(int batch, string parameterName)
    {
        if (batch < 1)
            ThrowBatch(batch, parameterName);
    }

    /// <summary>Checks that an object was not disposed of.</summary>
    /// <param name="disposed">Whether it was.</param>
    /// <param name="instance">The object, for its name.</param>
    /// <exception cref="ObjectDisposedException">It was.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void NotDisposed([DoesNotReturnIf(true)] bool disposed, object instance)
    {
        if (disposed)
            ThrowDisposed(instance);
    }

    /// <summary>Checks that the step before was taken: Forward before Backward, Backward before Update.</summary>
    /// <param name="taken">Whether it was.</param>
    /// <param name="call">The member that was called.</param>
    /// <param name="needed">The member that must have been called before.</param>
    /// <exception cref="InvalidOperationException">It was not.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Order(bool taken, string call, string needed)
    {
        if (!taken)
            ThrowOrder(call, needed);
    }

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowSamples(int length, int size, int maximum, string parameterName)
    {
        string found = length % size != 0 || length == 0
            ? $"{length}, which is no multiple of {size} above zero"
            : $"{length}, which are {length / size} samples";
        throw new ArgumentException($"Expected 1 to {maximum} samples of {size} values each, but the length is {found}.", parameterName);
    }

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowLength(int length, int samples, int size, string parameterName)
    {
        string each = size == 1 ? "one for each sample" : $"{size} for each sample";
        throw new ArgumentException($"Expected {(long)samples * size} values for {samples} samples, {each}, but the length is {length}.",
            parameterName);
    }

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowPositions(int length, int positions, int size, string parameterName)
    {
        string each = size == 1 ? "one for each position" : $"{size} for each position";
        throw new ArgumentException($"Expected {(long)positions * size} values for the {positions} positions of all samples, {each}, "
            + $"but the length is {length}.", parameterName);
    }

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowSampleLengths(int samples, int maximum, string parameterName)
        => throw new ArgumentException($"Expected the lengths of 1 to {maximum} samples, but there are {samples}.", parameterName);

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowSampleLength(int sample, int length, int most, string parameterName)
        => throw new ArgumentOutOfRangeException(parameterName, length, string.Create(CultureInfo.InvariantCulture,
            $"Sample {sample} has a length of {length}: expected 1 to {most} positions."));

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowLabel(int index, int label, int classes, int ignoreIndex, string parameterName) =>
        throw new ArgumentOutOfRangeException(parameterName, label, string.Create(CultureInfo.InvariantCulture,
            $"Label {label} at index {index} is no class: expected 0 to {classes - 1}, or {ignoreIndex} to ignore it."));

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowIndex(int index, int sample, int position, int rows, string parameterName) =>
        throw new ArgumentOutOfRangeException(parameterName, index, string.Create(CultureInfo.InvariantCulture,
            $"{index} at position {position} of sample {sample} is the number of no row: expected 0 to {rows - 1}."));

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowPairLabel(int index, int label, string parameterName) =>
        throw new ArgumentOutOfRangeException(parameterName, label,
            string.Create(CultureInfo.InvariantCulture, $"Label {label} at index {index} is neither 1 nor -1."));

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowOutput(int sample, string requirement) =>
        throw new ArithmeticException(string.Create(CultureInfo.InvariantCulture, $"{requirement} The output for sample {sample} is not."));

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowBatch(int batch, string parameterName) =>
        throw new ArgumentOutOfRangeException(parameterName, batch, "A batch holds at least one sample.");

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowDisposed(object instance) => throw new ObjectDisposedException(instance.GetType().FullName);

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowOrder(string call, string needed)
        => throw new InvalidOperationException($"{call} needs a {needed} before it.");
}
