namespace NetGen.Training.Tests;

public sealed class KFoldTests
{
    /// <summary>As scikit-learn's KFold(3) divides ten samples.</summary>
    [Fact]
    public void FoldsAreRangesWithoutASeed()
    {
        IReadOnlyList<Fold> folds = KFold.Split(10, 3);
        Assert.Equal([1, 2, 3], folds.Select(fold => fold.Number));
        Assert.Equal([0, 1, 2, 3], folds[0].Validation.ToArray());
        Assert.Equal([4, 5, 6], folds[1].Validation.ToArray());
        Assert.Equal([7, 8, 9], folds[2].Validation.ToArray());
        Assert.Equal([0, 1, 2, 3, 7, 8, 9], folds[1].Training.ToArray());
    }

    /// <summary>
    /// As StratifiedKFold(3) divides these, by its rule: of the sorted classes every third belongs to a fold, which gives the folds 2, 1, 1
    /// of the first class and 1, 2, 1 of the second.
    /// </summary>
    [Fact]
    public void StratifiedFoldsHaveTheirShareOfEachClass()
    {
        int[] labels = [7, 7, 1, 7, 1, 1, 7, 1];
        IReadOnlyList<Fold> folds = KFold.SplitStratified(labels, 3);
        Assert.Equal([0, 1, 2], folds[0].Validation.ToArray());
        Assert.Equal([3, 4, 5], folds[1].Validation.ToArray());
        Assert.Equal([6, 7], folds[2].Validation.ToArray());
        Assert.Equal([3, 4, 5, 6, 7], folds[0].Training.ToArray());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1UL)]
    public void EachSampleIsInOneFold(ulong? seed)
    {
        int[] labels = [.. Enumerable.Range(0, 103).Select(i => i * i % 5 % 3)];
        foreach (IReadOnlyList<Fold> folds in new[] { KFold.Split(103, 5, seed), KFold.SplitStratified(labels, 5, seed) })
        {
            Assert.Equal(Enumerable.Range(0, 103), folds.SelectMany(fold => fold.Validation.ToArray()).Order());
            Assert.All(folds, fold =>
            {
                Assert.Equal(Enumerable.Range(0, 103), fold.Training.ToArray().Concat(fold.Validation.ToArray()).Order());
                Assert.Equal(fold.Training.ToArray().Order(), fold.Training.ToArray());
                Assert.InRange(fold.Validation.Length, 20, 21);
            });
        }
        foreach (Fold fold in KFold.SplitStratified(labels, 5, seed))
        {
            foreach (IGrouping<int, int> all in labels.GroupBy(label => label))
            {
                int own = fold.Validation.ToArray().Count(sample => labels[sample] == all.Key);
                Assert.InRange(own, all.Count() / 5, all.Count() / 5 + 1);
            }
        }
    }

    [Fact]
    public void ASeedDrawsOneDivisionAndAnotherAnother()
    {
        Assert.Equal(Text(KFold.Split(50, 5, 3)), Text(KFold.Split(50, 5, 3)));
        Assert.NotEqual(Text(KFold.Split(50, 5, 3)), Text(KFold.Split(50, 5, 4)));
        Assert.NotEqual(Text(KFold.Split(50, 5)), Text(KFold.Split(50, 5, 4)));
        int[] labels = [.. Enumerable.Range(0, 50).Select(i => i % 2)];
        Assert.NotEqual(Text(KFold.SplitStratified(labels, 5)), Text(KFold.SplitStratified(labels, 5, 4)));

        static string Text(IReadOnlyList<Fold> folds)
            => string.Join(';', folds.Select(fold => string.Join(' ', fold.Validation.ToArray())));
    }

    [Fact]
    public void WhatCannotBeDividedIsTold()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => KFold.Split(10, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => KFold.Split(4, 5));
        Assert.Contains("The class 9 has 2 samples, which is less than 3 folds",
            Assert.Throws<ArgumentException>(() => KFold.SplitStratified([0, 0, 0, 9, 9], 3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASubsetGivesItsSamplesAlone()
    {
        float[] input = Samples.Input(20);
        int[] labels = Samples.Labels(input);
        var all = new ArrayBatches(input, labels, 4);
        ArrayBatches some = all.Subset([3, 19, 5, 7, 11], batchSize: 2);
        Assert.Equal((5, 2), (some.Count, some.BatchSize));
        Assert.Equal([3, 19, 5, 7, 11], Numbers(some, input));
        Assert.Equal([.. new[] { 3, 19, 5, 7, 11 }.Select(i => labels[i])], Labels(some));
        ArrayBatches drawn = all.Subset([3, 19, 5, 7, 11], batchSize: 2, shuffleSeed: 1, dropLast: true);
        int[] first = Numbers(drawn, input);
        Assert.Equal(4, first.Length);
        Assert.Empty(first.Except([3, 19, 5, 7, 11]));
        Assert.Equal(first, Numbers(drawn, input));
        Assert.NotEqual(some.Settings, all.Subset([3, 19, 5, 7, 12], 2).Settings);
        Assert.StartsWith("5 samples in batches of 2, chosen of 20 (checksum ", some.Settings, StringComparison.Ordinal);
        // A subset of a subset has the numbers of all.
        Assert.Equal([0, 1], Numbers(some.Subset([0, 1], 2), input));
        Assert.Contains("numbers of samples from 0 to 19, got 20 at 1",
            Assert.Throws<ArgumentException>(() => all.Subset([0, 20], 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => all.Subset([], 2));
    }

    [Fact]
    public void ASubsetOfSequencesTheSame()
    {
        int[][] tokens = [[1], [2, 2], [3, 3, 3], [4, 4, 4, 4]];
        float[][] shapes = [.. tokens.Select(own => own.SelectMany(token => new float[] { token, 0, 1 }).ToArray())];
        int[][] tags = [.. tokens.Select(own => own.Select(token => token - 1).ToArray())];
        var words = new SampleValues(tokens);
        var all = new SequenceBatches([words, new SampleValues(shapes, 3) { Like = words }], [tags], batchSize: 4);
        SequenceBatches some = all.Subset([2, 0], batchSize: 4);
        some.Start(1);
        Assert.True(some.TryNext(out Batch batch));
        Assert.Equal([3, 3, 3, 1], batch.GetIntInput(0).ToArray());
        Assert.Equal([3, 1], batch.GetIntInput(1).ToArray());
        Assert.Equal([3, 0, 1, 3, 0, 1, 3, 0, 1, 1, 0, 1], batch.GetInput(2).ToArray());
        Assert.Equal([2, 2, 2, 0], batch.Labels.ToArray());
        Assert.False(some.TryNext(out _));
        using Tags.Trainer trainer = new Tags(seed: 1).CreateTrainer(4, new Adam());
        trainer.Fit(some, new FitOptions { Validation = all.Subset([1, 3], 4), Metrics = [new Accuracy()] });
    }

    private static int[] Numbers(ArrayBatches source, float[] input)
    {
        var numbers = new List<int>();
        source.Start(1);
        while (source.TryNext(out Batch batch))
        {
            for (int i = 0; i < batch.Count; i++)
            {
                float first = batch.Input[i * Samples.Size];
                numbers.Add(Enumerable.Range(0, input.Length / Samples.Size).Single(sample => input[sample * Samples.Size] == first));
            }
        }
        return [.. numbers];
    }

    private static int[] Labels(ArrayBatches source)
    {
        var labels = new List<int>();
        source.Start(1);
        while (source.TryNext(out Batch batch))
            labels.AddRange(batch.Labels);
        return [.. labels];
    }
}
