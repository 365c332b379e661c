using System.Globalization;

namespace NetGen;

/// <summary>
/// Divides samples into folds for cross-validation: each sample is a validation sample in one fold, and is learned from in all others. The
/// folds are those of scikit-learn's <c>KFold</c> and <c>StratifiedKFold</c>; what a seed draws is this library's own.
/// </summary>
/// <example>
/// <code>
/// var all = new ArrayBatches(images, labels, batchSize: 64);
/// foreach (Fold fold in KFold.SplitStratified(labels, folds: 5, shuffleSeed: 1))
/// {
///     var net = new SmallNet(seed: 1);
///     using var trainer = net.CreateTrainer(64, new Adam());
///     trainer.Fit(all.Subset(fold.Training.Span, 64, shuffleSeed: 1), new FitOptions
///     {
///         Validation = all.Subset(fold.Validation.Span, 64),
///         Metrics = [new Accuracy()],
///     });
/// }
/// </code>
/// </example>
public static class KFold
{
    /// <summary>Divides samples in their order, or in one that is drawn.</summary>
    /// <param name="count">How many samples there are.</param>
    /// <param name="folds">How many folds; the first ones have a sample more where there is a remainder.</param>
    /// <param name="shuffleSeed">What the order is drawn from; null, the default, for the given one.</param>
    /// <returns>The folds; in each the samples are in ascending order.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are less than 2 folds, or less samples than folds.</exception>
    public static IReadOnlyList<Fold> Split(int count, int folds, ulong? shuffleSeed = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, folds);
        var order = new int[count];
        EpochOrder.Number(order);
        if (shuffleSeed is ulong seed)
            EpochOrder.Shuffle(order, seed, 0, EpochOrder.OfFolds);
        var foldOf = new int[count];
        for (int fold = 0, next = 0; fold < folds; fold++)
        {
            int size = count / folds + (fold < count % folds ? 1 : 0);
            foreach (int sample in order.AsSpan(next, size))
                foldOf[sample] = fold;
            next += size;
        }
        return Folds(foldOf, folds);
    }

    /// <summary>
    /// Divides samples so that each fold has of each class as large a share as all samples have, as nearly as whole samples can.
    /// </summary>
    /// <param name="labels">The class index of each sample; any ints.</param>
    /// <param name="folds">How many folds.</param>
    /// <param name="shuffleSeed">
    /// What is drawn from this is which samples of a class a fold gets; null, the default, for the given order.
    /// </param>
    /// <returns>The folds; in each the samples are in ascending order.</returns>
    /// <exception cref="ArgumentException">A class has less samples than there are folds, so that some fold has none of it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are less than 2 folds, or less samples than folds.</exception>
    public static IReadOnlyList<Fold> SplitStratified(ReadOnlySpan<int> labels, int folds, ulong? shuffleSeed = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(labels.Length, folds);
        // Classes in the order in which they appear, and their samples.
        var numbers = new Dictionary<int, int>();
        var samples = new List<List<int>>();
        for (int i = 0; i < labels.Length; i++)
        {
            if (numbers.TryAdd(labels[i], samples.Count))
                samples.Add([]);
            samples[numbers[labels[i]]].Add(i);
        }
        foreach ((int label, int number) in numbers)
        {
            if (samples[number].Count < folds)
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"The class {label} has {samples[number].Count} samples, which is less than {folds} folds."), nameof(labels));
        }

        var foldOf = new int[labels.Length];
        int place = 0;
        for (int number = 0; number < samples.Count; number++)
        {
            // Of the sorted labels every so-manieth belongs to a fold: so the folds are of one size too.
            var shares = new int[folds];
            for (int i = 0; i < samples[number].Count; i++)
                shares[place++ % folds]++;
            var own = new int[samples[number].Count];
            for (int fold = 0, next = 0; fold < folds; next += shares[fold++])
                own.AsSpan(next, shares[fold]).Fill(fold);
            if (shuffleSeed is ulong seed)
                EpochOrder.Shuffle(own, seed, number, EpochOrder.OfFolds);
            for (int i = 0; i < own.Length; i++)
                foldOf[samples[number][i]] = own[i];
        }
        return Folds(foldOf, folds);
    }

    private static Fold[] Folds(int[] foldOf, int folds) => [.. Enumerable.Range(0, folds).Select(fold => new Fold(
        fold + 1, Where(foldOf, own => own != fold), Where(foldOf, own => own == fold)))];

    private static int[] Where(int[] foldOf, Func<int, bool> condition)
        => [.. Enumerable.Range(0, foldOf.Length).Where(sample => condition(foldOf[sample]))];
}

/// <summary>One of several ways to divide samples into those to learn from and those to validate on.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Training">The numbers of the samples to learn from, in ascending order.</param>
/// <param name="Validation">The numbers of the others, in ascending order.</param>
public sealed record Fold(int Number, ReadOnlyMemory<int> Training, ReadOnlyMemory<int> Validation);
