namespace NetGen;

/// <summary>Weights by how often classes occur, for data in which some are rare.</summary>
/// <example>
/// Each class comes as often as the others:
/// <code>
/// var train = ArrayBatches.ForClasses(images, labels, new BatchOptions
/// {
///     BatchSize = 64,
///     ShuffleSeed = 1,
///     SampleWeights = ClassWeights.OfSamples(labels, ClassWeights.Balanced(labels, classes: 10)),
/// });
/// </code>
/// </example>
public static class ClassWeights
{
    /// <summary>How many samples each class has.</summary>
    /// <param name="labels">The class index of each sample.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="ignoreIndex">The label of samples that do not count.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is less than one class, or a label is none.</exception>
    public static long[] Count(ReadOnlySpan<int> labels, int classes, int ignoreIndex = -100)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        var counts = new long[classes];
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == ignoreIndex)
                continue;
            if ((uint)labels[i] >= (uint)classes)
                throw new ArgumentOutOfRangeException(nameof(labels), labels[i], $"Label {labels[i]} at index {i} is no class: expected 0 "
                    + $"to {classes - 1}, or {ignoreIndex} for what does not count.");
            counts[labels[i]]++;
        }
        return counts;
    }

    /// <summary>
    /// Weights by which each class counts as much as the others, and the mean over the samples is 1: samples / (classes that occur ·
    /// samples of the class), scikit-learn's <c>balanced</c>. A class that does not occur has the weight 0.
    /// </summary>
    /// <param name="labels">The class index of each sample.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="ignoreIndex">The label of samples that do not count.</param>
    /// <exception cref="ArgumentException">No sample counts.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is less than one class, or a label is none.</exception>
    public static double[] Balanced(ReadOnlySpan<int> labels, int classes, int ignoreIndex = -100)
    {
        long[] counts = Count(labels, classes, ignoreIndex);
        double all = counts.Sum(), occur = counts.Count(count => count > 0);
        if (all == 0)
            throw new ArgumentException("Expected at least one label that counts.", nameof(labels));
        return Array.ConvertAll(counts, count => count == 0 ? 0 : all / (occur * count));
    }

    /// <summary>The weight of each sample: that of its class, for <see cref="BatchOptions.SampleWeights"/>.</summary>
    /// <param name="labels">The class index of each sample.</param>
    /// <param name="weights">The weight of each class.</param>
    /// <param name="ignoreIndex">The label of samples that are never drawn.</param>
    /// <exception cref="ArgumentOutOfRangeException">A label is no class.</exception>
    public static double[] OfSamples(ReadOnlySpan<int> labels, ReadOnlySpan<double> weights, int ignoreIndex = -100)
    {
        var all = new double[labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == ignoreIndex)
                continue;
            if ((uint)labels[i] >= (uint)weights.Length)
                throw new ArgumentOutOfRangeException(nameof(labels), labels[i], $"Label {labels[i]} at index {i} is no class: expected 0 "
                    + $"to {weights.Length - 1}, or {ignoreIndex} for what does not count.");
            all[i] = weights[labels[i]];
        }
        return all;
    }
}
