namespace NetGen.Training.Tests;

public sealed class ArrayBatchesTests
{
    [Fact]
    public void FactoriesGiveWhatConstructorsGive()
    {
        float[] input = Samples.Input(10), values = [.. Enumerable.Range(0, 20).Select(i => (float)i)];
        int[] labels = Samples.Labels(input), tokens = [.. Enumerable.Range(0, 30)];
        var options = new BatchOptions { BatchSize = 4, ShuffleSeed = 3 };
        foreach ((ArrayBatches expected, ArrayBatches actual) in new[]
        {
            (new ArrayBatches(input, labels, 4, 3), ArrayBatches.ForClasses(input, labels, options)),
            (new ArrayBatches(input, labels, 4, 3, true), ArrayBatches.ForClasses(input, labels, options with { DropLast = true })),
            (new ArrayBatches(input, labels, 4), ArrayBatches.ForClasses(input, labels, new BatchOptions { BatchSize = 4 })),
            (new ArrayBatches(input, values, 10, 4, 3), ArrayBatches.ForValues(input, values, 10, options)),
            (new ArrayBatches(tokens, labels, 4, 3), ArrayBatches.ForClasses(tokens, labels, options)),
            (new ArrayBatches(tokens, values, 10, 4, 3), ArrayBatches.ForValues(tokens, values, 10, options)),
            (new ArrayBatches([input, tokens], [labels, values], 10, 4, 3),
                ArrayBatches.ForPorts([input, tokens], [labels, values], 10, options)),
        })
        {
            Assert.Equal((expected.Count, expected.BatchSize, expected.Settings), (actual.Count, actual.BatchSize, actual.Settings));
            Assert.Equal(All(expected, 2), All(actual, 2));
        }
        Assert.Contains("as many values for each of 10 samples, got 21 in all", Assert.Throws<ArgumentException>(
            () => ArrayBatches.ForValues(input, new float[21], 10, options)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>("labels", () => ArrayBatches.ForClasses(input, null!, options));
        Assert.Throws<ArgumentNullException>("options", () => ArrayBatches.ForClasses(input, labels, null!));
        Assert.Throws<ArgumentOutOfRangeException>("batchSize",
            () => ArrayBatches.ForClasses(input, labels, options with { BatchSize = 0 }));
    }

    [Fact]
    public void WeightsDrawWithReplacement()
    {
        const int count = 20_000;
        int[] numbers = [0, 1, 2, 3, 4];
        double[] weights = [1, 0, 3, 0.5, 0];
        ArrayBatches source = ArrayBatches.ForClasses(
            numbers, numbers, new BatchOptions { BatchSize = 64, ShuffleSeed = 9, SampleWeights = weights, SamplesPerEpoch = count });
        Assert.Equal((count, 64), (source.Count, source.BatchSize));
        int[] drawn = All(source, 1);
        // The labels follow the samples.
        int[] inputs = [.. drawn.Where((_, i) => i % 2 == 0)], labels = [.. drawn.Where((_, i) => i % 2 == 1)];
        Assert.Equal(inputs, labels);
        Assert.Equal(count, inputs.Length);
        for (int i = 0; i < weights.Length; i++)
        {
            double share = weights[i] / weights.Sum(), deviation = Math.Sqrt(share * (1 - share) / count);
            Assert.InRange(inputs.Count(number => number == i) / (double)count, share - 4 * deviation, share + 4 * deviation);
        }

        // An epoch is a function of its number, and is gone on from anywhere.
        Assert.NotEqual(drawn, All(source, 2));
        Assert.Equal(drawn, All(source, 1));
        Assert.Equal(drawn[(2 * 64 * 5)..], All(source, 1, firstBatch: 5));
    }

    [Fact]
    public void WeightsAreInTheSettingsOfCheckpoints()
    {
        int[] numbers = [0, 1, 2];
        var options = new BatchOptions { BatchSize = 2, ShuffleSeed = 9, SampleWeights = [1, 2, 3] };
        string first = ArrayBatches.ForClasses(numbers, numbers, options).Settings;
        Assert.StartsWith("3 samples in batches of 2, 3 of them drawn by seed 9 with replacement, by weights with the checksum ", first,
            StringComparison.Ordinal);
        Assert.Equal(first, ArrayBatches.ForClasses(numbers, numbers, options with { SampleWeights = [1, 2, 3] }).Settings);
        Assert.NotEqual(first, ArrayBatches.ForClasses(numbers, numbers, options with { SampleWeights = [1, 2, 4] }).Settings);
        Assert.NotEqual(first, ArrayBatches.ForClasses(numbers, numbers, options with { SamplesPerEpoch = 4 }).Settings);
        ArrayBatches dropping = ArrayBatches.ForClasses(numbers, numbers, options with { DropLast = true, SamplesPerEpoch = 7 });
        Assert.Equal((6, 2), (dropping.Count, dropping.BatchSize));
    }

    /// <summary>Rare classes come as often, and training goes on to the same bits.</summary>
    [Fact]
    public void TrainingWithWeightsGoesOnToTheSameBits()
    {
        float[] input = Samples.Input(60);
        int[] labels = Samples.Labels(input);
        BatchOptions options = new()
        {
            BatchSize = 16, ShuffleSeed = 2, SampleWeights = ClassWeights.OfSamples(labels, ClassWeights.Balanced(labels, Samples.Classes)),
        };
        using var directory = new TemporaryDirectory();
        var whole = new Classifier(seed: 1);
        using (Classifier.Trainer trainer = whole.CreateTrainer(16, new Adam(1e-2)))
            trainer.Fit(ArrayBatches.ForClasses(input, labels, options), new FitOptions { Epochs = 4 });
        var halves = new Classifier(seed: 1);
        foreach (int epochs in new[] { 2, 4 })
        {
            using Classifier.Trainer trainer = halves.CreateTrainer(16, new Adam(1e-2));
            trainer.Fit(ArrayBatches.ForClasses(input, labels, options),
                new FitOptions { Epochs = epochs, CheckpointPath = directory.File("run.safetensors"), Resume = true });
        }
        Assert.Equal(whole.Linear1.Weight.ToArray(), halves.Linear1.Weight.ToArray());
        using Classifier.Trainer other = halves.CreateTrainer(16, new Adam(1e-2));
        BatchOptions others = options with { SampleWeights = [.. Enumerable.Repeat(1.0, labels.Length)] };
        Assert.Contains("by weights with the checksum", Assert.Throws<SafeTensorsException>(() => other.Fit(
            ArrayBatches.ForClasses(input, labels, others),
            new FitOptions { Epochs = 5, CheckpointPath = directory.File("run.safetensors"), Resume = true })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void WeightsThatDoNotFitAreRefused()
    {
        int[] numbers = [0, 1, 2];
        Says("expected a weight for each of 3 samples, got 2", new() { BatchSize = 1, ShuffleSeed = 1, SampleWeights = [1, 1] });
        Says("expected a ShuffleSeed to draw from", new() { BatchSize = 1, SampleWeights = [1, 1, 1] });
        Says("that of sample 1 is -1", new() { BatchSize = 1, ShuffleSeed = 1, SampleWeights = [1, -1, 1] });
        Says("that of sample 2 is NaN", new() { BatchSize = 1, ShuffleSeed = 1, SampleWeights = [1, 1, double.NaN] });
        Says("expected a sum above 0 that a double holds, got 0", new() { BatchSize = 1, ShuffleSeed = 1, SampleWeights = [0, 0, 0] });
        Says("SamplesPerEpoch: expected at least 1, got 0",
            new() { BatchSize = 1, ShuffleSeed = 1, SampleWeights = [1, 1, 1], SamplesPerEpoch = 0 });
        Says("SamplesPerEpoch is of samples that are drawn by SampleWeights, but there are none",
            new() { BatchSize = 1, ShuffleSeed = 1, SamplesPerEpoch = 2 });
        Says("2 samples are no whole batch of 3",
            new() { BatchSize = 3, ShuffleSeed = 1, SampleWeights = [1, 1, 1], SamplesPerEpoch = 2, DropLast = true });

        void Says(string expected, BatchOptions options) => Assert.Contains(expected,
            Assert.Throws<ArgumentException>(() => ArrayBatches.ForClasses(numbers, numbers, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ClassWeightsAreThoseOfScikitLearn()
    {
        // compute_class_weight("balanced", classes=[0, 1], y=[1, 1, 1, 1, 0, 0]) of its documentation.
        int[] labels = [1, 1, 1, 1, 0, 0];
        double[] weights = ClassWeights.Balanced(labels, 2);
        Assert.Equal([1.5, 0.75], weights);
        Assert.Equal([0.75, 0.75, 0.75, 0.75, 1.5, 1.5], ClassWeights.OfSamples(labels, weights));
        // A class that does not occur, and a label that does not count.
        Assert.Equal([1.5, 0.75, 0], ClassWeights.Balanced([1, 1, -100, 1, 1, 0, 0], 3));
        Assert.Equal([0, 1.5, 0], ClassWeights.OfSamples([-100, 0, 2], [1.5, 0.75, 0]));
        Assert.Equal([2, 4, 0], ClassWeights.Count(labels, 3));
        Assert.Contains("Label 2 at index 1 is no class: expected 0 to 1",
            Assert.Throws<ArgumentOutOfRangeException>(() => ClassWeights.Balanced([0, 2], 2)).Message, StringComparison.Ordinal);
        Assert.Contains("Label -1 at index 0 is no class",
            Assert.Throws<ArgumentOutOfRangeException>(() => ClassWeights.OfSamples([-1], [1])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("labels", () => ClassWeights.Balanced([-100], 2));
        Assert.Throws<ArgumentOutOfRangeException>("classes", () => ClassWeights.Count([], 0));
    }

    /// <summary>All of an epoch: for each sample the first of its inputs, as a whole number, and the first of its targets.</summary>
    private static int[] All(ArrayBatches source, int epoch, int firstBatch = 0)
    {
        var all = new List<int>();
        source.Start(epoch, firstBatch);
        while (source.TryNext(out Batch batch))
        {
            for (int i = 0; i < batch.Count; i++)
            {
                all.Add(batch.IntInput.IsEmpty
                    ? BitConverter.SingleToInt32Bits(batch.Input[i * batch.Input.Length / batch.Count])
                    : batch.IntInput[i * batch.IntInput.Length / batch.Count]);
                all.Add(batch.Labels.IsEmpty
                    ? BitConverter.SingleToInt32Bits(batch.Values[i * batch.Values.Length / batch.Count])
                    : batch.Labels[i * batch.Labels.Length / batch.Count]);
            }
        }
        return [.. all];
    }
}
