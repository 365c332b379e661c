namespace NetGen.Training.Tests;

/// <summary>The search for a learning rate: what it measures, what it suggests, and that it leaves everything as it was.</summary>
public sealed class LearningRateTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void HasTheLossesOfALoopByHand()
    {
        using Classifier.Trainer trainer = new Classifier(seed: 1).CreateTrainer(16, new SGD(0.1f, momentum: 0.9f));
        LearningRateCurve curve = trainer.FindLearningRate(Samples.Shuffled(160, 16), new LearningRateSearch
        {
            Minimum = 1e-4f, Maximum = 1e-1f, Steps = 31,
        });
        Assert.Equal(31, curve.Rates.Count);
        Assert.False(curve.IsDiverged);
        Assert.Equal(1e-4f, curve.Rates[0]);
        Assert.Equal(1e-3f, curve.Rates[10], 1e-9f);
        Assert.Equal(1e-1f, curve.Rates[30], 1e-7f);

        var optimizer = new SGD(0.1f, momentum: 0.9f);
        using Classifier.Trainer byHand = new Classifier(seed: 1).CreateTrainer(16, optimizer);
        ArrayBatches source = Samples.Shuffled(160, 16);
        double mean = 0;
        int step = 0;
        // Ten batches an epoch, and one in the fourth.
        for (int epoch = 1; epoch <= 4; epoch++)
        {
            source.Start(epoch);
            while (step < 31 && source.TryNext(out Batch batch))
            {
                optimizer.LearningRate = curve.Rates[step];
                float loss = byHand.Step(batch);
                Assert.Equal(loss, curve.Losses[step]);
                mean = 0.98 * mean + (1 - 0.98) * loss;
                step++;
                Assert.Equal(mean / (1 - Math.Pow(0.98, step)), curve.Smoothed[step - 1]);
            }
        }
        Assert.Equal(31, step);
    }

    /// <summary>Optimiser's memory, learning rates, dropout's count, statistics: further steps have the same bits.</summary>
    [Fact]
    public void LeavesEverythingAsItWas()
    {
        string before = _directory.File("before.safetensors"), after = _directory.File("after.safetensors");
        Classifier net = new(seed: 1), other = new(seed: 1);
        using Classifier.Trainer trainer = Create(net), straight = Create(other);
        trainer.Fit(Samples.Shuffled(64, 16));
        straight.Fit(Samples.Shuffled(64, 16));
        trainer.SaveCheckpoint(before);
        LearningRateCurve curve = trainer.FindLearningRate(Samples.Shuffled(160, 16, seed: 3));
        Assert.NotEmpty(curve.Rates);
        trainer.SaveCheckpoint(after);
        Assert.Equal(File.ReadAllBytes(before), File.ReadAllBytes(after));
        Assert.Equal(0.02, trainer.Optimizer.Groups[0].LearningRate);
        trainer.Fit(Samples.Shuffled(64, 16));
        straight.Fit(Samples.Shuffled(64, 16));
        Assert.Equal(FitTests.Bits(other), FitTests.Bits(net));

        static Classifier.Trainer Create(Classifier net) => net.CreateTrainer(
            16, new Adam(0.01f) { Groups = { new ParameterGroup("linear2") { LearningRate = 0.02 } } }, new TrainerOptions { Seed = 4 });
    }

    [Fact]
    public void AlsoWhereItHasMadeNoStepYetAndWhereItIsCancelled()
    {
        var net = new Classifier(seed: 1);
        using Classifier.Trainer trainer = net.CreateTrainer(16, new Adam(0.01f));
        int[] before = FitTests.Bits(net);
        using var cancellation = new CancellationTokenSource();
        IBatchSource source = Samples.Shuffled(160, 16).Map("cancels", (batch, position) =>
        {
            if (position.Batch == 3)
                cancellation.Cancel();
            return batch;
        });
        Assert.Throws<OperationCanceledException>(() => trainer.FindLearningRate(source, cancellation: cancellation.Token));
        Assert.Equal(before, FitTests.Bits(net));
        Assert.Equal(0.01f, trainer.Optimizer.LearningRate);
    }

    [Fact]
    public void EndsWhereTheLossDiverges()
    {
        // Batches of all samples, so that losses differ by the rate alone.
        using Regression.Trainer trainer = new Regression(seed: 1).CreateTrainer(160, new SGD(0.1f));
        LearningRateCurve curve = trainer.FindLearningRate(
            Samples.Values(160, 160), new LearningRateSearch { Maximum = 1e6f, Steps = 60, Smoothing = 0.5 });
        Assert.True(curve.IsDiverged);
        Assert.InRange(curve.Rates.Count, 20, 59);
        Assert.All(curve.Losses, loss => Assert.True(float.IsFinite(loss)));
        // It learns at the suggested rate, better than far below.
        Assert.InRange(curve.Suggestion!.Value, 1e-3f, 10);
        Assert.True(curve.Suggestion < curve.RateOfSmallestLoss);
        Assert.True(LossAt(curve.Suggestion.Value) < 0.5 * LossAt(1e-6f));

        static double LossAt(float rate)
        {
            using Regression.Trainer trainer = new Regression(seed: 1).CreateTrainer(160, new SGD(rate));
            return trainer.Fit(Samples.Values(160, 160), new FitOptions { Epochs = 30 }).Epochs[^1].Loss;
        }
    }

    /// <summary>Of a curve that is known: flat, then falling, most steeply between steps 14 and 15, then rising.</summary>
    [Fact]
    public void SuggestsTheSteepestDescent()
    {
        double[] smoothed = [9, 1, .. Enumerable.Repeat(5.0, 10), 4.9, 4.7, 4.3, 3.5, 3.2, 3.1, 3.0, 3.2, 4, 5, 7, 9, 1];
        float[] rates = [.. smoothed.Select((_, i) => MathF.Pow(10, 0.25f * i - 6))];
        var curve = new LearningRateCurve(rates, [.. smoothed.Select(value => (float)value)], smoothed, true);
        Assert.Equal(25, smoothed.Length);
        // The fall at the beginning is of the first tenth, and that at the end of the last five.
        Assert.Equal(rates[14], curve.Suggestion);
        Assert.Equal(rates[1], curve.RateOfSmallestLoss);
        Assert.Null(new LearningRateCurve(rates, rates, [.. smoothed.Select((_, i) => (double)i)], false).Suggestion);
        Assert.Null(new LearningRateCurve([], [], [], true).RateOfSmallestLoss);
    }

    [Fact]
    public void WhatDoesNotFitIsTold()
    {
        using Classifier.Trainer trainer = new Classifier(seed: 1).CreateTrainer(16, new SGD(0.1f));
        Assert.Contains("expected a rate below the Maximum of 10, got 10", Assert.Throws<ArgumentException>(
            () => trainer.FindLearningRate(Samples.Shuffled(16, 16), new LearningRateSearch { Minimum = 10 })).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => trainer.FindLearningRate(Samples.Values(16, 16)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearningRateSearch { Steps = 9 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearningRateSearch { Minimum = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearningRateSearch { Smoothing = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearningRateSearch { Divergence = double.NaN });
        using Classifier.Trainer zero = new Classifier(seed: 1).CreateTrainer(
            16, new SGD(0) { Groups = { new ParameterGroup("linear2") { LearningRate = 0.02 } } });
        Assert.Contains("have no ratio", Assert.Throws<ArgumentException>(() => zero.FindLearningRate(Samples.Shuffled(16, 16))).Message,
            StringComparison.Ordinal);
    }
}
