namespace NetGen.Training.Tests;

/// <summary>A loss that is none ends a training where parameters can still be used.</summary>
public sealed class NonFiniteLossTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>
    /// Sample 27 has NaN, in the third batch of 10, so that what remains are updates by two batches. Batch normalisation makes the loss of
    /// every sample NaN.
    /// </summary>
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public void NaNAmongSamples(int accumulate, int updates)
    {
        float[] input = Samples.Input(50);
        int[] labels = Samples.Labels(input);
        input[27 * Samples.Size + 3] = float.NaN;
        string path = _directory.File($"run{accumulate}.safetensors");
        var net = new Classifier(seed: 1);
        using Classifier.Trainer trainer = net.CreateTrainer(10, new Adam(1e-2f));
        var error = Assert.Throws<NonFiniteLossException>(() => trainer.Fit(new ArrayBatches(input, labels, 10), new FitOptions
        {
            AccumulateBatches = accumulate, CheckpointPath = path, CheckpointSteps = 1,
        }));
        Assert.Equal((1, 3, (long)updates, (string?)null, 0, (string?)null),
            (error.Epoch, error.Batch, error.Steps, error.Of, error.Sample!.Value, error.Parameter));
        Assert.True(double.IsNaN(error.Loss));
        Assert.StartsWith($"The loss is NaN in batch 3 of epoch 1, after {updates} steps; sample 0 of the batch is the first with such a "
            + "loss. Parameters, running statistics and the optimiser's memory are as they were before this step. ", error.Message,
            StringComparison.Ordinal);
        Assert.Contains("Look at the samples: the input 'input' has NaN as element 3 of sample 7 of this batch.", error.Message,
            StringComparison.Ordinal);
        Assert.Contains($"'{path}'", error.Message, StringComparison.Ordinal);

        // Batch normalisation's statistics and the count of batches too, to the bit.
        var byHand = new Classifier(seed: 1);
        using Classifier.Trainer other = byHand.CreateTrainer(10, new Adam(1e-2f));
        other.Fit(new ArrayBatches(input[..(20 * Samples.Size)], labels[..20], 10), new FitOptions { AccumulateBatches = accumulate });
        Assert.Equal(FitTests.Bits(byHand), FitTests.Bits(net));
        Assert.Equal(2, net.BatchNorm1.NumBatchesTracked.CounterValue);

        // And what was saved last is of before.
        using Classifier.Trainer third = new Classifier(seed: 9).CreateTrainer(10, new Adam(1e-2f));
        third.LoadCheckpoint(path);
        Assert.Equal(FitTests.Bits(byHand), FitTests.Bits(third.Network));

        // Training goes on from there as if the step had not been tried, dropout included.
        trainer.Fit(Samples.Shuffled(30, 10));
        other.Fit(Samples.Shuffled(30, 10));
        Assert.Equal(FitTests.Bits(byHand), FitTests.Bits(net));
        Assert.NotEqual(FitTests.Bits(third.Network), FitTests.Bits(net));
    }

    [Fact]
    public void ARateThatIsTooLargeIsNamed()
    {
        var net = new Regression(seed: 1);
        string path = _directory.File("run.safetensors");
        using Regression.Trainer trainer = net.CreateTrainer(10, new SGD(1e30f));
        var error = Assert.Throws<NonFiniteLossException>(
            () => trainer.Fit(Samples.Values(100, 10), new FitOptions { Epochs = 9, CheckpointPath = path }));
        Assert.Contains("lower the learning rate, now 1E+30, or clip gradients (TrainerOptions.ClipGradientNorm)", error.Message,
            StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith("To train on all the same, set FitOptions.StopAtNonFiniteLoss to false.", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
        Assert.Equal(1, error.Epoch);
    }

    /// <summary>The loss of the only step is finite, and its update is not: nothing may be saved of that.</summary>
    [Fact]
    public void ParametersThatAnUpdateHasSpoiledAreNotSaved()
    {
        string path = _directory.File("run.safetensors"), best = _directory.File("best.safetensors");
        var net = new Regression(seed: 1);
        using Regression.Trainer trainer = net.CreateTrainer(100, new SGD(0));
        FitOptions options = new() { CheckpointPath = path, BestPath = best };
        trainer.Fit(Samples.Values(100, 100), options);
        byte[] saved = File.ReadAllBytes(path), savedBest = File.ReadAllBytes(best);
        trainer.Optimizer.LearningRate = float.MaxValue;
        float[] input = Samples.Input(100);
        var error = Assert.Throws<NonFiniteLossException>(() => trainer.Fit(
            new ArrayBatches(input, [.. Enumerable.Repeat(1e6f, 200)], 100, 100), options));
        Assert.Equal("linear1.weight", error.Parameter);
        Assert.True(double.IsFinite(error.Loss));
        Assert.Contains("an update made it so", error.Message, StringComparison.Ordinal);
        Assert.Equal(saved, File.ReadAllBytes(path));
        Assert.Equal(savedBest, File.ReadAllBytes(best));
    }

    [Fact]
    public void OfSeveralLossesTheOneIsNamed()
    {
        int[] kinds = [0, 1, 2, 3];
        float[] boxes = [0, 1, 2, 3, 4, float.PositiveInfinity, 6, 7];
        using Detector.Trainer trainer = new Detector(seed: 1).CreateTrainer(4, new Adam());
        var error = Assert.Throws<NonFiniteLossException>(() => trainer.Fit(
            new ArrayBatches([new float[12], Samples.Input(4)], [kinds, boxes], 4, 4)));
        Assert.Equal(("box", 2), (error.Of, error.Sample));
        Assert.StartsWith("The loss of 'box' is ∞ in batch 1 of epoch 1, after 0 steps; sample 2 ", error.Message,
            StringComparison.Ordinal);
        Assert.Contains("the target 'boxTarget' has ∞ as element 1 of sample 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ItGoesOnWhereThatIsAskedFor()
    {
        float[] input = Samples.Input(50);
        int[] labels = Samples.Labels(input);
        input[27 * Samples.Size + 3] = float.NaN;
        using Classifier.Trainer trainer = new Classifier(seed: 1).CreateTrainer(10, new Adam(1e-2f));
        FitResult result = trainer.Fit(new ArrayBatches(input, labels, 10), new FitOptions { StopAtNonFiniteLoss = false });
        Assert.Equal(5, result.Steps);
        Assert.True(double.IsNaN(result.Epochs[0].Loss));
    }

    /// <summary>A loop of one's own is not changed by a Fit that came before.</summary>
    [Fact]
    public void AfterwardsStepsAreWhatTheyWere()
    {
        float[] input = Samples.Input(10);
        int[] labels = Samples.Labels(input);
        var net = new Classifier(seed: 1);
        using Classifier.Trainer trainer = net.CreateTrainer(10, new Adam(1e-2f));
        trainer.Fit(new ArrayBatches(input, labels, 10));
        input[0] = float.NaN;
        Assert.True(float.IsNaN(trainer.Step(input, labels)));
        Assert.Contains(net.Linear1.Weight.ToArray(), float.IsNaN);
    }
}
