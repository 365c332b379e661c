namespace NetGen.Training.Tests;

/// <summary>Averages of parameters, by the formula and through a whole training.</summary>
public sealed class MovingAverageTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void HasTheBitsOfTheFormula(bool warmsUp, bool averagesStatistics)
    {
        var net = new Classifier(seed: 1);
        using Classifier.Trainer trainer = net.CreateTrainer(16, new Adam(1e-2f));
        using var average = new ExponentialMovingAverage(net, 0.9) { WarmsUp = warmsUp, AveragesStatistics = averagesStatistics };
        float[][] expected = Values(net);
        ArrayBatches source = Samples.Shuffled(160, 16);
        source.Start(1);
        for (int n = 1; source.TryNext(out Batch batch); n++)
        {
            trainer.Step(batch);
            double decay = n == 1 ? 0 : warmsUp ? Math.Min(0.9, 1 - Math.Pow(n, -2.0 / 3)) : 0.9;
            Assert.Equal(decay, average.NextDecay);
            average.Update();
            float weight = (float)(1 - decay);
            float[][] now = Values(net);
            for (int p = 0; p < expected.Length; p++)
            {
                ParameterKind kind = net.Parameters[p].Kind;
                bool averages = kind is ParameterKind.Weight or ParameterKind.Bias || (kind == ParameterKind.Buffer && averagesStatistics);
                for (int i = 0; i < expected[p].Length; i++)
                    expected[p][i] = averages && n > 1 ? expected[p][i] + weight * (now[p][i] - expected[p][i]) : now[p][i];
            }
        }
        Assert.Equal(10, average.Updates);
        Assert.Equal(Bits(expected), average.Parameters.SelectMany(p => p.ToArray()).Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(net.Parameters.Select(p => p.ToString()), average.Parameters.Select(p => p.ToString()));
        Assert.Equal(10, average.Parameters.Single(p => p.Kind == ParameterKind.Counter).CounterValue);

        int[] trained = FitTests.Bits(net);
        average.Swap();
        Assert.Equal(Bits(expected), FitTests.Bits(net));
        Assert.Throws<InvalidOperationException>(average.Update);
        Assert.Throws<InvalidOperationException>(average.CopyToNetwork);
        average.Swap();
        Assert.Equal(trained, FitTests.Bits(net));

        string path = _directory.File("average.safetensors");
        average.Save(path);
        Assert.Equal(Bits(expected), FitTests.Bits(Classifier.Load(path)));
        average.CopyToNetwork();
        Assert.Equal(Bits(expected), FitTests.Bits(net));
    }

    /// <summary>After n updates towards one value of 0 from 1 the average is decay^(n − 1), and with warm-up below that.</summary>
    [Fact]
    public void ForgetsAtTheRateThatItSays()
    {
        var net = new Regression(seed: 1);
        net.Linear1.Bias!.Fill(1);
        using var average = new ExponentialMovingAverage(net, 0.75);
        average.Update();
        net.Linear1.Bias.Fill(0);
        for (int i = 0; i < 3; i++)
            average.Update();
        Assert.All(average.Parameters.Single(p => p.Name == "linear1.bias").ToArray(), value => Assert.Equal(0.421875f, value));
    }

    /// <summary>Validation, the best file and the end have the averages; steps and the checkpoint have the parameters.</summary>
    [Fact]
    public void FitMeasuresAndKeepsTheAverages()
    {
        string best = _directory.File("best.safetensors"), path = _directory.File("run.safetensors");
        var plain = new Classifier(seed: 1);
        using (Classifier.Trainer trainer = plain.CreateTrainer(16, new Adam(1e-2f)))
            trainer.Fit(Samples.Shuffled(160, 16), new FitOptions { Epochs = 3 });

        var net = new Classifier(seed: 1);
        using var average = new ExponentialMovingAverage(net, 0.9);
        using (Classifier.Trainer trainer = net.CreateTrainer(16, new Adam(1e-2f)))
        {
            FitResult result = trainer.Fit(Samples.Shuffled(160, 16), Options(3, average, path, best));
            using Classifier.Session session = net.CreateSession(32);
            var again = new CrossEntropy();
            session.Evaluate(Samples.Validation(), again);
            Assert.Equal(result.Epochs[^1].Metrics[0], again.Value);
            Assert.Equal(3, result.BestEpoch);
            Assert.Equal(FitTests.Bits(net), FitTests.Bits(Classifier.Load(best)));
            Assert.Equal(average.Parameters.SelectMany(p => p.ToArray()), net.Parameters.SelectMany(p => p.ToArray()));
            Assert.NotEqual(FitTests.Bits(plain), FitTests.Bits(net));
            trainer.LoadCheckpoint(path);
            Assert.Equal(FitTests.Bits(plain), FitTests.Bits(net));
        }
    }

    [Theory]
    [InlineData(13)]
    [InlineData(20)]
    public void GoesOnFromACheckpointToTheSameBits(int stepsBefore)
    {
        (int[] whole, int[] averages) = Train(null, 0);
        string path = _directory.File("run.safetensors");
        Assert.Throws<OperationCanceledException>(() => Train(path, stepsBefore));
        (int[] resumed, int[] resumedAverages) = Train(path, 0);
        Assert.Equal(whole, resumed);
        Assert.Equal(averages, resumedAverages);

        static (int[], int[]) Train(string? path, int stepsBefore)
        {
            var net = new Classifier(seed: 1);
            using var average = new ExponentialMovingAverage(net, 0.9) { WarmsUp = true };
            using Classifier.Trainer trainer = net.CreateTrainer(16, new Adam(1e-2f));
            using var cancellation = new CancellationTokenSource();
            FitOptions options = Options(3, average, path, null, new Cancel(stepsBefore, cancellation));
            trainer.Fit(Samples.Shuffled(160, 16), options, cancellation.Token);
            return (FitTests.Bits(net), [.. average.Parameters.SelectMany(p => p.ToArray()).Select(BitConverter.SingleToInt32Bits)]);
        }
    }

    [Fact]
    public void ACheckpointOfAnotherDecayOrOfNoneIsRefused()
    {
        string path = _directory.File("run.safetensors");
        var net = new Classifier(seed: 1);
        using Classifier.Trainer trainer = net.CreateTrainer(16, new Adam(1e-2f));
        using ExponentialMovingAverage average = new(net, 0.9), other = new(net, 0.99);
        trainer.Fit(Samples.Shuffled(160, 16), Options(1, average, path, null));
        Assert.Contains("it is of 0.9, but this is 0.99", Assert.Throws<SafeTensorsException>(
            () => trainer.Fit(Samples.Shuffled(160, 16), Options(2, other, path, null))).Message, StringComparison.Ordinal);
        File.Delete(path);
        trainer.Fit(Samples.Shuffled(160, 16), new FitOptions { CheckpointPath = path });
        Assert.Contains("It has no part 'average'", Assert.Throws<SafeTensorsException>(
            () => trainer.Fit(Samples.Shuffled(160, 16), Options(2, average, path, null))).Message, StringComparison.Ordinal);
    }

    /// <summary>With RestoreBest the network ends with the averages of the best epoch.</summary>
    [Fact]
    public void TheBestAveragesAreRestored()
    {
        string best = _directory.File("best.safetensors");
        var net = new Regression(seed: 1);
        using var average = new ExponentialMovingAverage(net, 0.5);
        using Regression.Trainer trainer = net.CreateTrainer(16, new SGD(1.6f));
        FitResult result = trainer.Fit(Samples.Values(64, 16), new FitOptions
        {
            Epochs = 8, Validation = Samples.Values(50, 50), Metrics = [new BestInThirdEpoch(), new MeanSquaredError()],
            RestoreBest = true, BestPath = best, Callbacks = [average],
        });
        Assert.Equal(3, result.BestEpoch);
        using Regression.Session session = net.CreateSession(50);
        var again = new MeanSquaredError();
        session.Evaluate(Samples.Values(50, 50), again);
        Assert.Equal(result.Epochs[2].Metrics[1], again.Value);
        Assert.Equal(FitTests.Bits(Regression.Load(best)), FitTests.Bits(net));
    }

    [Fact]
    public void WhatDoesNotFitIsTold()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExponentialMovingAverage(new Regression(), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExponentialMovingAverage(new Regression(), double.NaN));
        var net = new Classifier(seed: 1);
        using Classifier.Trainer trainer = net.CreateTrainer(16, new Adam(1e-2f));
        using ExponentialMovingAverage foreign = new(new Classifier()), own = new(net), second = new(net);
        Assert.Contains("of another network", Assert.Throws<ArgumentException>(
            () => trainer.Fit(Samples.Shuffled(16, 16), new FitOptions { Callbacks = [foreign] })).Message, StringComparison.Ordinal);
        Assert.Contains("by the name 'average'", Assert.Throws<ArgumentException>(
            () => trainer.Fit(Samples.Shuffled(16, 16), new FitOptions { Callbacks = [own, second] })).Message, StringComparison.Ordinal);
        own.Swap();
        Assert.Contains("the network has the averages", Assert.Throws<ArgumentException>(
            () => trainer.Fit(Samples.Shuffled(16, 16), new FitOptions { Callbacks = [own] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UpdatesAllocateNothing()
    {
        var net = new Classifier(seed: 1);
        using var average = new ExponentialMovingAverage(net, 0.9) { WarmsUp = true };
        average.Update();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
            average.Update();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static FitOptions Options(
        int epochs, ExponentialMovingAverage average, string? path, string? best, params FitCallback[] callbacks) => new()
    {
        Epochs = epochs,
        Validation = Samples.Validation(),
        Metrics = [new CrossEntropy()],
        CheckpointPath = path,
        BestPath = best,
        Resume = path != null,
        Callbacks = [average, .. callbacks],
    };

    private static float[][] Values(INetwork net) => [.. net.Parameters.Select(parameter => parameter.ToArray())];

    private static IEnumerable<int> Bits(float[][] values) => values.SelectMany(own => own).Select(BitConverter.SingleToInt32Bits);

    private sealed class Cancel(int steps, CancellationTokenSource cancellation) : FitCallback
    {
        public override void OnStep(FitRun run)
        {
            if (run.Steps == steps)
                cancellation.Cancel();
        }
    }
}
