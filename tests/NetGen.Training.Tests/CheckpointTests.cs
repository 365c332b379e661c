namespace NetGen.Training.Tests;

public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Path => _directory.File("run.safetensors");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void KeepsPositionAndTexts()
    {
        using Classifier.Trainer trainer = Trainer();
        var checkpoint = new Checkpoint(trainer) { Source = Samples.Shuffled(60, 16) };
        checkpoint.Save(Path, epoch: 7, batch: 2, new Dictionary<string, string> { ["note"] = "día\n\"1\"", [""] = "" });
        CheckpointPosition position = checkpoint.Load(Path);
        Assert.Equal((7, 2), (position.Epoch, position.Batch));
        Assert.Equal([("", ""), ("note", "día\n\"1\"")], position.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public void AnotherSourceIsRefusedAndNothingChanges()
    {
        using (Classifier.Trainer first = Trainer())
        {
            first.Step(Samples.Input(16), Samples.Labels(Samples.Input(16)));
            new Checkpoint(first) { Source = Samples.Shuffled(60, 16, seed: 1) }.Save(Path, 1);
        }
        using Classifier.Trainer trainer = Trainer();
        int[] before = FitTests.Bits(trainer.Network);
        string message = Assert.Throws<SafeTensorsException>(() => new Checkpoint(trainer) { Source = Samples.Shuffled(60, 16, seed: 2) }.Load(Path)).Message;
        Assert.Contains("60 samples in batches of 16, shuffled by seed 1", message, StringComparison.Ordinal);
        Assert.Contains("this is 60 samples in batches of 16, shuffled by seed 2", message, StringComparison.Ordinal);
        Assert.Equal(before, FitTests.Bits(trainer.Network));
    }

    [Fact]
    public void PartsGoBackWhereTheTrainerRefuses()
    {
        using (Regression.Trainer other = new Regression().CreateTrainer(4, new SGD(0.1f)))
            new Checkpoint(other) { Parts = { ["counter"] = new Counter { Count = 5 } } }.Save(Path, 1);
        using Classifier.Trainer trainer = Trainer();
        var counter = new Counter { Count = 3 };
        Assert.Throws<SafeTensorsException>(() => new Checkpoint(trainer) { Parts = { ["counter"] = counter } }.Load(Path));
        Assert.Equal(3, counter.Count);
    }

    [Fact]
    public void AMissingPartIsNamed()
    {
        using Classifier.Trainer trainer = Trainer();
        new Checkpoint(trainer) { Parts = { ["counter"] = new Counter() } }.Save(Path, 1);
        Assert.Contains("no part 'dice'", Assert.Throws<SafeTensorsException>(() => new Checkpoint(trainer) { Parts = { ["dice"] = new Counter() } }.Load(Path)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Checkpoint(trainer) { Parts = { ["a.b"] = new Counter() } }.Save(Path, 1));
    }

    [Fact]
    public void ATrainersOwnCheckpointIsNoneOfATraining()
    {
        using Classifier.Trainer trainer = Trainer();
        trainer.SaveCheckpoint(Path);
        Assert.Contains("'checkpoint' is missing", Assert.Throws<SafeTensorsException>(() => new Checkpoint(trainer).Load(Path)).Message, StringComparison.Ordinal);
    }

    /// <summary>What a killed process leaves beside the file goes away, an hour later.</summary>
    [Fact]
    public void AbandonedTemporaryFilesAreRemoved()
    {
        string old = Path + ".old.tmp", young = Path + ".young.tmp", another = _directory.File("other.safetensors.old.tmp");
        foreach (string file in (string[])[old, young, another])
            File.WriteAllText(file, "half");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddHours(-2));
        File.SetLastWriteTimeUtc(another, DateTime.UtcNow.AddHours(-2));
        using Classifier.Trainer trainer = Trainer();
        new Checkpoint(trainer).Save(Path, 1);
        Assert.Equal(["other.safetensors.old.tmp", "run.safetensors", "run.safetensors.young.tmp"], _directory.Files.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void BatchesFollowEpochAndPositionAlone()
    {
        ArrayBatches whole = Samples.Shuffled(50, 16), rest = Samples.Shuffled(50, 16);
        List<int[]> Rest(ArrayBatches source, int epoch, int first)
        {
            var labels = new List<int[]>();
            source.Start(epoch, first);
            while (source.TryNext(out Batch batch))
                labels.Add([.. batch.Labels, .. System.Runtime.InteropServices.MemoryMarshal.Cast<float, int>(batch.Input)]);
            return labels;
        }
        for (int epoch = 1; epoch <= 2; epoch++)
        {
            List<int[]> all = Rest(whole, epoch, 0);
            Assert.Equal([16, 16, 16, 2], all.Select(batch => batch.Length / (1 + Samples.Size)));
            for (int first = 0; first <= 4; first++)
                Assert.Equal(all.Skip(first), Rest(rest, epoch, first));
        }
        Assert.NotEqual(Rest(whole, 1, 0), Rest(whole, 2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => whole.Start(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => whole.Start(1, 5));

        // Each sample once an epoch.
        float[] numbers = [.. Enumerable.Range(0, 100).Select(i => (float)i)];
        var source = new ArrayBatches(numbers, new int[100], 7, shuffleSeed: 1);
        source.Start(3);
        var seen = new List<float>();
        while (source.TryNext(out Batch batch))
            seen.AddRange(batch.Input);
        Assert.Equal(numbers, seen.Order());
        Assert.NotEqual(numbers, seen);
    }

    private static Classifier.Trainer Trainer() => new Classifier(seed: 1).CreateTrainer(16, new Adam());

    private sealed class Counter : IStateful
    {
        public int Count { get; set; }

        public IReadOnlyDictionary<string, string> GetState() => new Dictionary<string, string> { ["count"] = Count.ToString(System.Globalization.CultureInfo.InvariantCulture) };

        public void Restore(IReadOnlyDictionary<string, string> state) => Count = int.Parse(state["count"], System.Globalization.CultureInfo.InvariantCulture);
    }
}
