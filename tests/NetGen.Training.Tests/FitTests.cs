namespace NetGen.Training.Tests;

public sealed class FitTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void HasTheBitsOfALoopByHand()
    {
        var fitted = new Classifier(seed: 1);
        var optimizer = new Adam(1e-2f);
        using (Classifier.Trainer trainer = fitted.CreateTrainer(32, optimizer))
        {
            trainer.Fit(Samples.Shuffled(100, 32), new FitOptions
            {
                Epochs = 3,
                Validation = Samples.Validation(),
                Metrics = [new Accuracy()],
                Scheduler = new LearningRateScheduler(optimizer, new ExponentialLR(0.5)),
            });
        }

        var byHand = new Classifier(seed: 1);
        optimizer = new Adam(1e-2f);
        using (Classifier.Trainer trainer = byHand.CreateTrainer(32, optimizer))
        {
            var scheduler = new LearningRateScheduler(optimizer, new ExponentialLR(0.5));
            ArrayBatches source = Samples.Shuffled(100, 32);
            for (int epoch = 1; epoch <= 3; epoch++)
            {
                source.Start(epoch);
                while (source.TryNext(out Batch batch))
                    trainer.Step(batch.Input, batch.Labels);
                scheduler.Step();
            }
        }
        Assert.Equal(Bits(byHand), Bits(fitted));
    }

    /// <summary>Ten batches, and so three updates by three of them and one by what is left.</summary>
    [Fact]
    public void AccumulatesTheGradientsOfSomeBatches()
    {
        var fitted = new Classifier(seed: 1);
        var optimizer = new Adam(1e-2f);
        var log = new List<string>();
        using (Classifier.Trainer trainer = fitted.CreateTrainer(10, optimizer))
        {
            FitResult result = trainer.Fit(Samples.Shuffled(100, 10), new FitOptions
            {
                Epochs = 2,
                AccumulateBatches = 3,
                Scheduler = new LearningRateScheduler(optimizer, new ExponentialLR(0.9)),
                ScheduleByBatch = true,
                Callbacks = [new Log(log, "a", stopAfter: 9)],
            });
            Assert.Equal(8, result.Steps);
            Assert.Equal(8, log.Count(line => line.Contains(" step ", StringComparison.Ordinal)));
            Assert.False(trainer.AccumulateGradients);
            Assert.Equal(1, trainer.GradientFactor);
        }

        var byHand = new Classifier(seed: 1);
        optimizer = new Adam(1e-2f);
        using (Classifier.Trainer trainer = byHand.CreateTrainer(10, optimizer))
        {
            var scheduler = new LearningRateScheduler(optimizer, new ExponentialLR(0.9));
            ArrayBatches source = Samples.Shuffled(100, 10);
            trainer.AccumulateGradients = true;
            trainer.GradientFactor = 1.0 / 3;
            for (int epoch = 1; epoch <= 2; epoch++)
            {
                source.Start(epoch);
                for (int i = 1; source.TryNext(out Batch batch); i++)
                {
                    trainer.Forward(batch.Input, default);
                    trainer.Backward(batch.Labels);
                    if (i % 3 == 0 || i == 10)
                    {
                        trainer.Update();
                        scheduler.Step();
                    }
                }
            }
        }
        Assert.Equal(Bits(byHand), Bits(fitted));
    }

    /// <summary>What is saved on the way stands behind an update, and goes on to the same bits.</summary>
    [Fact]
    public void AccumulationGoesOnFromACheckpoint()
    {
        string path = _directory.File("accumulated.safetensors");
        int[] whole = Train(null, default);
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Train(path, source.Token, new CancelAfterReports(14, source)));
        Assert.Equal(whole, Train(path, default));

        int[] Train(string? checkpoint, CancellationToken cancellation, IProgress<FitProgress>? progress = null)
        {
            var net = new Classifier(seed: 1);
            using Classifier.Trainer trainer = net.CreateTrainer(10, new Adam(1e-2f));
            trainer.Fit(Samples.Shuffled(100, 10), new FitOptions
            {
                Epochs = 2,
                AccumulateBatches = 3,
                CheckpointPath = checkpoint,
                Resume = checkpoint != null,
                Progress = progress,
            }, cancellation);
            return Bits(net);
        }
    }

    [Fact]
    public void LearnsAndTellsWhatCameOfIt()
    {
        var net = new Classifier(seed: 1);
        using Classifier.Trainer trainer = net.CreateTrainer(16, new Adam(1e-2f));
        var accuracy = new Accuracy();
        var reports = new Reports();
        FitResult result = trainer.Fit(Samples.Shuffled(400, 16), new FitOptions
        {
            Epochs = 20,
            Validation = Samples.Validation(),
            Metrics = [accuracy, new CrossEntropy()],
            Progress = reports,
        });

        Assert.Equal(Enumerable.Range(1, 20), result.Epochs.Select(epoch => epoch.Epoch));
        Assert.Equal(FitEnd.Completed, result.End);
        Assert.Equal(20 * 25, result.Steps);
        Assert.True(result.Epochs[^1].Loss < 0.6 * result.Epochs[0].Loss);
        Assert.InRange(result.Best, 0.8, 1);
        Assert.Equal(result.Epochs.Max(epoch => epoch.Metrics[0]), result.Best);
        Assert.Equal(result.Best, result.Epochs[result.BestEpoch - 1].Monitored);
        Assert.True(result.Epochs[result.BestEpoch - 1].IsBest);

        // What it measured is what a session measures.
        using Classifier.Session session = net.CreateSession(32);
        var again = new Accuracy();
        session.Evaluate(Samples.Validation(), again);
        Assert.Equal(result.Epochs[^1].Metrics[0], again.Value);
        Assert.Equal(100, again.Count);

        Assert.Equal(20 * 25, reports.All.Count);
        Assert.Equal(new FitProgress(20, 20, 400, 400, reports.All[^1].Loss, result.Epochs[^1].Loss), reports.All[^1]);
    }

    [Fact]
    public void TakesValuesToo()
    {
        using Regression.Trainer trainer = new Regression(seed: 1).CreateTrainer(16, new Adam(1e-2f));
        FitResult result =
            trainer.Fit(Samples.Values(200, 16),
            new FitOptions { Epochs = 40, Validation = Samples.Values(50, 50),
            Metrics = [new MeanSquaredError(), new MeanAbsoluteError()] });
        Assert.Equal(result.Best, result.Epochs.Min(epoch => epoch.Metrics[0]));
        Assert.InRange(result.Best, 0, 0.01);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(11)]
    [InlineData(16)]
    public void GoesOnAfterCancellationWithTheSameBits(int stepsBefore)
    {
        // Batches of 8 in 60 samples: 8 steps an epoch.
        (Classifier straight, FitResult whole) = Run(null, stepsBefore: 0);
        string path = _directory.File("run.safetensors");
        Assert.Throws<OperationCanceledException>(() => Run(path, stepsBefore));
        (Classifier resumed, FitResult rest) = Run(path, stepsBefore: 0);

        Assert.Equal(Bits(straight), Bits(resumed));
        Assert.Equal(whole.Epochs.Select(Text), rest.Epochs.Select(Text));
        Assert.Equal((whole.BestEpoch, whole.Best, whole.Steps, whole.End), (rest.BestEpoch, rest.Best, rest.Steps, rest.End));

        // A training that is over goes on by nothing.
        (Classifier again, FitResult same) = Run(path, stepsBefore: 0);
        Assert.Equal(Bits(straight), Bits(again));
        Assert.Equal(whole.Epochs.Select(Text), same.Epochs.Select(Text));

        static string Text(EpochResult epoch) => $"{epoch.Epoch} {epoch.Loss:R} {string.Join(' ', epoch.Metrics.Select(m => m.ToString("R")))} {epoch.Monitored:R} {epoch.IsBest}";
    }

    // Everything that has a state, in a training that is cancelled after some steps, or not.
    private static (Classifier Net, FitResult Result) Run(string? path, int stepsBefore)
    {
        var net = new Classifier(seed: 5);
        var optimizer = new SGD(0.1f, momentum: 0.9f);
        using Classifier.Trainer trainer = net.CreateTrainer(8, optimizer, new TrainerOptions { Seed = 6 });
        using var cancellation = new CancellationTokenSource();
        FitResult result = trainer.Fit(Samples.Shuffled(60, 8), new FitOptions
        {
            Epochs = 4,
            Validation = Samples.Validation(),
            Metrics = [new Accuracy(), new CrossEntropy()],
            Plateau = new ReduceLROnPlateau(optimizer, PlateauMode.Max, patience: 0),
            CheckpointPath = path,
            Resume = path != null,
            Callbacks = [new CancelAfter(stepsBefore, cancellation)],
        }, cancellation.Token);
        return (net, result);
    }

    [Fact]
    public void PatienceEndsIt()
    {
        // A rate of nothing: no epoch is better than the first.
        var net = new Regression(seed: 1);
        string best = _directory.File("best.safetensors"), path = _directory.File("run.safetensors");
        FitOptions options =
            new() { Epochs = 50, Validation = Samples.Values(50, 50), Metrics = [new MeanSquaredError()], Patience = 3, BestPath = best,
            CheckpointPath = path, Resume = true };
        using (Regression.Trainer trainer = net.CreateTrainer(10, new SGD(0)))
        {
            FitResult result = trainer.Fit(Samples.Values(50, 10), options);
            Assert.Equal(FitEnd.Patience, result.End);
            Assert.Equal(4, result.Epochs.Count);
            Assert.Equal(1, result.BestEpoch);
        }
        Assert.Equal(Bits(net), Bits(Regression.Load(best)));

        // It stays at an end.
        using (Regression.Trainer trainer = net.CreateTrainer(10, new SGD(0)))
            Assert.Equal(4, trainer.Fit(Samples.Values(50, 10), options).Epochs.Count);
    }

    [Fact]
    public void SmallImprovementsDoNotCountForPatience()
    {
        using Regression.Trainer trainer = new Regression(seed: 1).CreateTrainer(50, new SGD(1e-4f));
        FitResult result = trainer.Fit(Samples.Values(50, 50), new FitOptions { Epochs = 50, Patience = 4, MinimumImprovement = 1 });
        Assert.Equal(5, result.Epochs.Count);
        // They are better all the same.
        Assert.Equal(5, result.BestEpoch);
    }

    [Fact]
    public void BestParametersAreThoseOfTheBestEpoch()
    {
        string best = _directory.File("best.safetensors");
        var net = new Regression(seed: 1);
        var snapshots = new Snapshots();
        using Regression.Trainer trainer = net.CreateTrainer(16, new SGD(1.6f));
        FitResult result =
            trainer.Fit(Samples.Values(64, 16),
            new FitOptions { Epochs = 8, Validation = Samples.Values(50, 50), Metrics = [new MeanSquaredError()], BestPath = best,
            Callbacks = [snapshots] });
        Assert.Equal(snapshots.Parameters[result.BestEpoch - 1], Bits(Regression.Load(best)));
        Assert.Equal(result.Epochs.Min(epoch => epoch.Monitored), result.Best);
    }

    [Fact]
    public void CallbacksAreCalledInTheirOrderAndMayStopIt()
    {
        var log = new List<string>();
        using Classifier.Trainer trainer = new Classifier().CreateTrainer(40, new SGD(0.1f));
        FitResult result =
            trainer.Fit(Samples.Shuffled(80, 40), new FitOptions { Epochs = 9, Callbacks = [new Log(log, "a", 2), new Log(log, "b", 0)] });
        Assert.Equal(FitEnd.Callback, result.End);
        Assert.Equal(
            ["a start", "b start", "a step 1 1", "b step 1 1", "a step 1 2", "b step 1 2", "a epoch 1", "b epoch 1", "a step 2 3", "b "
                + "step 2 3", "a step 2 4", "b step 2 4",
            "a epoch 2", "b epoch 2", "a end 2", "b end 2"],
            log);
    }

    [Fact]
    public void AllocatesNothingPerBatch()
        => BatchAllocations.AssertNone(() => new FitOptions { Progress = new Nothing(), Callbacks = [new Idle()] });

    [Fact]
    public void WhatDoesNotFitIsTold()
    {
        using Classifier.Trainer trainer = new Classifier().CreateTrainer(16, new SGD(0.1f));
        using Regression.Trainer regression = new Regression().CreateTrainer(16, new SGD(0.1f));
        using Encoder.Trainer encoder = new Encoder().CreateTrainer(16, new SGD(0.1f));
        using Embedding.Trainer embedding = new Embedding().CreateTrainer(16, new SGD(0.1f));
        ArrayBatches source = Samples.Shuffled(32, 16);
        Assert.Contains("at most 16 samples, the trainer's, got 17", Message(() => trainer.Fit(Samples.Shuffled(32, 17))),
            StringComparison.Ordinal);
        Assert.Contains("values, but the network's loss takes class indices",
            Message(() => new OnlyLabels(trainer).Fit(Samples.Values(16, 16))), StringComparison.Ordinal);
        Assert.Contains("class indices, but the network's loss takes values", Message(() => regression.Fit(source)),
            StringComparison.Ordinal);
        Assert.Contains("Expected 2 targets in a batch", Message(() => embedding.Fit(source)), StringComparison.Ordinal);
        Assert.Contains("a network with a loss", Message(() => encoder.Fit(source)), StringComparison.Ordinal);
        Assert.Contains("there are none", Message(() => trainer.Fit(source, new FitOptions { Metrics = [new Accuracy()] })),
            StringComparison.Ordinal);
        Assert.Contains("no metrics to measure", Message(() => trainer.Fit(source, new FitOptions { Validation = Samples.Validation() })),
            StringComparison.Ordinal);
        Assert.Contains("another source for validation",
            Message(() => trainer.Fit(source, new FitOptions { Validation = source, Metrics = [new Accuracy()] })),
            StringComparison.Ordinal);
        Assert.Contains("is not among the metrics", Message(() => trainer.Fit(source, new FitOptions { Monitor = new Accuracy() })),
            StringComparison.Ordinal);
        Assert.Contains("Resume needs a CheckpointPath", Message(() => trainer.Fit(source, new FitOptions { Resume = true })),
            StringComparison.Ordinal);
        Assert.Contains("another optimiser",
            Message(() => trainer.Fit(source, new FitOptions { Scheduler = new LearningRateScheduler(new SGD(1), new ConstantLR()) })),
            StringComparison.Ordinal);
        Assert.Contains("mode Max",
            Message(() =>
            trainer.Fit(source,
            new FitOptions { Validation = Samples.Validation(), Metrics = [new Accuracy()],
            Plateau = new ReduceLROnPlateau(trainer.Optimizer) })), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FitOptions { Epochs = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FitOptions { Patience = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FitOptions { MinimumImprovement = double.NaN });

        static string Message(Action action) => Assert.Throws<ArgumentException>(action).Message;
    }

    internal static int[] Bits(INetwork net) => [.. net.Parameters.SelectMany(p => p.ToArray()).Select(BitConverter.SingleToInt32Bits)];

    private sealed class Reports : IProgress<FitProgress>
    {
        public List<FitProgress> All { get; } = [];

        public void Report(FitProgress value) => All.Add(value);
    }

    private sealed class CancelAfterReports(int reports, CancellationTokenSource cancellation) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            if (--reports == 0)
                cancellation.Cancel();
        }
    }

    private sealed class Nothing : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
        }
    }

    private sealed class Idle : FitCallback;

    private sealed class CancelAfter(int steps, CancellationTokenSource cancellation) : FitCallback
    {
        public override void OnStep(FitRun run)
        {
            if (run.Steps == steps)
                cancellation.Cancel();
        }
    }

    private sealed class Snapshots : FitCallback
    {
        public List<int[]> Parameters { get; } = [];

        public override void OnEpoch(FitRun run, EpochResult result) => Parameters.Add(Bits(run.Trainer.Network));
    }

    private sealed class Log(List<string> log, string name, int stopAfter) : FitCallback
    {
        public override void OnStart(FitRun run) => log.Add($"{name} start");

        public override void OnStep(FitRun run) => log.Add($"{name} step {run.Epoch} {run.Steps}");

        public override void OnEpoch(FitRun run, EpochResult result)
        {
            log.Add($"{name} epoch {result.Epoch}");
            if (result.Epoch == stopAfter)
                run.Stop();
        }

        public override void OnEnd(FitRun run, FitResult result) => log.Add($"{name} end {result.Epochs.Count}");
    }

    /// <summary>A trainer whose loss takes class indices only, which cross-entropy's is not.</summary>
    private sealed class OnlyLabels(Classifier.Trainer inner) : ITrainer
    {
        public INetwork Network => inner.Network;
        public int BatchSize => inner.BatchSize;
        public int MinBatchSize => inner.MinBatchSize;
        public bool HasLoss => inner.HasLoss;
        public NetworkPorts Ports => new(inner.Ports.Inputs, inner.Ports.Outputs, [inner.Ports.Targets[0] with { Values = 0 }]);
        public Optimizer Optimizer => inner.Optimizer;
        public float? GradientNorm => inner.GradientNorm;
        public VectorWidth VectorWidth => inner.VectorWidth;
        public int Threads => inner.Threads;
        public string Schedule => inner.Schedule;
        public void SaveCheckpoint(string path, IReadOnlyDictionary<string, string>? notes) => inner.SaveCheckpoint(path, notes);
        public IReadOnlyDictionary<string, string> LoadCheckpoint(string path) => inner.LoadCheckpoint(path);
        public float Step(in Batch batch) => inner.Step(batch);
        public void Enqueue(in Batch batch) => inner.Enqueue(batch);
        public float LastLoss => inner.LastLoss;
        public void Synchronize() => inner.Synchronize();
        public float Backward(in Batch batch) => inner.Backward(batch);
        public void Update() => inner.Update();
        public bool AccumulateGradients { get; set; }
        public double GradientFactor { get; set; }
        public void Dispose()
        {
        }
    }
}
