namespace NetGen.Training.Tests;

/// <summary>At the end the network has the parameters of the best epoch, where that is asked for.</summary>
public sealed class RestoreBestTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(false, 2)]
    [InlineData(true, 2)]
    public void TheNetworkHasThoseOfTheBestEpoch(bool hasPath, int? patience)
    {
        string? best = hasPath ? _directory.File("best.safetensors") : null;
        var snapshots = new Snapshots();
        var net = new Regression(seed: 1);
        using Regression.Trainer trainer = net.CreateTrainer(16, new SGD(1.6f));
        FitResult result = trainer.Fit(Samples.Values(64, 16), Options(8, snapshots, best: best, patience: patience));
        Assert.Equal(patience == null ? FitEnd.Completed : FitEnd.Patience, result.End);
        Assert.Equal((3, patience == null ? 8 : 5), (result.BestEpoch, result.Epochs.Count));
        Assert.Equal(snapshots.Parameters[result.BestEpoch - 1], FitTests.Bits(net));
        Assert.Equal(FitTests.Bits(net), snapshots.AtEnd);
        if (best != null)
            Assert.Equal(FitTests.Bits(net), FitTests.Bits(Regression.Load(best)));

        // What is measured is what was measured there, by a session that knew other parameters.
        using Regression.Session session = net.CreateSession(50);
        var again = new MeanSquaredError();
        session.Evaluate(Samples.Values(50, 50), again);
        Assert.Equal(result.Epochs[2].Metrics[1], again.Value);
    }

    [Fact]
    public void WithoutTheOptionItHasThoseOfTheLast()
    {
        var snapshots = new Snapshots();
        var net = new Regression(seed: 1);
        using Regression.Trainer trainer = net.CreateTrainer(16, new SGD(1.6f));
        trainer.Fit(Samples.Values(64, 16), Options(8, snapshots, restore: false));
        Assert.Equal(snapshots.Parameters[^1], FitTests.Bits(net));
    }

    /// <summary>The best epoch was in another process, and no file has its parameters but the checkpoint.</summary>
    [Fact]
    public void AfterResumingTheBestOfBeforeAreThere()
    {
        string path = _directory.File("run.safetensors");
        var whole = new Regression(seed: 1);
        var snapshots = new Snapshots();
        using (Regression.Trainer trainer = whole.CreateTrainer(16, new SGD(1.6f)))
            trainer.Fit(Samples.Values(64, 16), Options(8, snapshots));
        Assert.Equal(snapshots.Parameters[2], FitTests.Bits(whole));

        using (Regression.Trainer trainer = new Regression(seed: 1).CreateTrainer(16, new SGD(1.6f)))
            trainer.Fit(Samples.Values(64, 16), Options(4, new Snapshots(), path: path));
        var resumed = new Regression(seed: 99);
        var later = new Snapshots();
        using (Regression.Trainer trainer = resumed.CreateTrainer(16, new SGD(1.6f)))
            Assert.Equal(3, trainer.Fit(Samples.Values(64, 16), Options(8, later, path: path, before: 4)).BestEpoch);
        Assert.Equal(FitTests.Bits(whole), FitTests.Bits(resumed));
        Assert.Equal(snapshots.Parameters[4..], later.Parameters);

        // A training that is over gives them too, and the checkpoint goes on from the last epoch all the same.
        var over = new Regression(seed: 99);
        using (Regression.Trainer trainer = over.CreateTrainer(16, new SGD(1.6f)))
        {
            trainer.Fit(Samples.Values(64, 16), Options(8, new Snapshots(), path: path));
            Assert.Equal(FitTests.Bits(whole), FitTests.Bits(over));
            trainer.LoadCheckpoint(path);
            Assert.Equal(snapshots.Parameters[^1], FitTests.Bits(over));
        }

        // Who does not ask for them goes on without.
        using (Regression.Trainer trainer = over.CreateTrainer(16, new SGD(1.6f)))
            trainer.Fit(Samples.Values(64, 16), Options(8, new Snapshots(), path: path, restore: false));
        Assert.Equal(snapshots.Parameters[^1], FitTests.Bits(over));
    }

    [Fact]
    public void ACheckpointWithoutThemIsRefused()
    {
        string path = _directory.File("run.safetensors");
        var net = new Regression(seed: 1);
        using Regression.Trainer trainer = net.CreateTrainer(16, new SGD(1.6f));
        trainer.Fit(Samples.Values(64, 16), Options(2, new Snapshots(), path: path, restore: false));
        int[] before = FitTests.Bits(net);
        string message = Assert.Throws<SafeTensorsException>(
            () => trainer.Fit(Samples.Values(64, 16), Options(4, new Snapshots(), path: path))).Message;
        Assert.Contains("It has no part 'best'", message, StringComparison.Ordinal);
        Assert.Equal(before, FitTests.Bits(net));
    }

    /// <summary>Running statistics and counters are parameters of the best epoch too.</summary>
    [Fact]
    public void StatisticsAreRestored()
    {
        var net = new Classifier(seed: 1);
        using Classifier.Trainer trainer = net.CreateTrainer(16, new SGD(0.1f));
        FitResult result = trainer.Fit(Samples.Shuffled(64, 16), new FitOptions
        {
            Epochs = 3, Validation = Samples.Validation(), Metrics = [new Falling()], RestoreBest = true,
        });
        Assert.Equal(1, result.BestEpoch);
        Assert.Equal(4, net.BatchNorm1.NumBatchesTracked.CounterValue);
        var one = new Classifier(seed: 1);
        using Classifier.Trainer other = one.CreateTrainer(16, new SGD(0.1f));
        other.Fit(Samples.Shuffled(64, 16));
        Assert.Equal(FitTests.Bits(one), FitTests.Bits(net));
    }

    [Fact]
    public void NothingIsRestoredWhereNothingWasANumber()
    {
        var snapshots = new Snapshots();
        var net = new Classifier(seed: 1);
        using Classifier.Trainer trainer = net.CreateTrainer(16, new SGD(0.1f));
        FitResult result = trainer.Fit(Samples.Shuffled(64, 16), new FitOptions
        {
            Epochs = 2, Validation = Samples.Validation(), Metrics = [new Falling(double.NaN)], RestoreBest = true, Callbacks = [snapshots],
        });
        Assert.Equal(0, result.BestEpoch);
        Assert.Equal(snapshots.Parameters[^1], FitTests.Bits(net));
    }

    private static FitOptions Options(
        int epochs, Snapshots snapshots, string? best = null, string? path = null, int? patience = null, bool restore = true,
        int before = 0) => new()
    {
        Epochs = epochs,
        Validation = Samples.Values(50, 50),
        Metrics = [new BestInThirdEpoch(before), new MeanSquaredError()],
        BestPath = best,
        RestoreBest = restore,
        Patience = patience,
        CheckpointPath = path,
        Resume = path != null,
        Callbacks = [snapshots],
    };

    private sealed class Snapshots : FitCallback
    {
        public List<int[]> Parameters { get; } = [];

        public int[]? AtEnd { get; private set; }

        public override void OnEpoch(FitRun run, EpochResult result) => Parameters.Add(FitTests.Bits(run.Trainer.Network));

        public override void OnEnd(FitRun run, FitResult result) => AtEnd = FitTests.Bits(run.Trainer.Network);
    }

    /// <summary>Worse from epoch to epoch, or never a number.</summary>
    private sealed class Falling(double from = 0) : Metric
    {
        private double _value = from;

        public override string Name => "falling";

        public override bool HigherIsBetter => true;

        public override double Value => _value;

        public override void Reset() => _value--;

        public override void Add(ReadOnlySpan<float> output, in Batch batch)
        {
        }
    }
}
