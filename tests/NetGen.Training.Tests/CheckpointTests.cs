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
        Assert.Equal([("", ""), ("note", "día\n\"1\"")],
            position.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value)));
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
        string message =
            Assert.Throws<SafeTensorsException>(() =>
            new Checkpoint(trainer) { Source = Samples.Shuffled(60, 16, seed: 2) }.Load(Path)).Message;
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
        Assert.Contains("no part 'dice'",
            Assert.Throws<SafeTensorsException>(() => new Checkpoint(trainer) { Parts = { ["dice"] = new Counter() } }.Load(Path)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Checkpoint(trainer) { Parts = { ["a.b"] = new Counter() } }.Save(Path, 1));
    }

    [Fact]
    public void ATrainersOwnCheckpointIsNoneOfATraining()
    {
        using Classifier.Trainer trainer = Trainer();
        trainer.SaveCheckpoint(Path);
        Assert.Contains("'checkpoint' is missing", Assert.Throws<SafeTensorsException>(() => new Checkpoint(trainer).Load(Path)).Message,
            StringComparison.Ordinal);
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
        Assert.Equal(["other.safetensors.old.tmp", "run.safetensors", "run.safetensors.young.tmp"],
            _directory.Files.Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// A digit of the notes, of the state of a part, of the trainer's own counts, of the data: each is seen, and nothing changes.
    /// </summary>
    [Theory]
    [InlineData("note.epoch\":\"7", "note.epoch\":\"8")]
    [InlineData("note.batch\":\"2", "note.batch\":\"1")]
    [InlineData("note.part.counter.count\":\"5", "note.part.counter.count\":\"6")]
    [InlineData("note.user.who\":\"me", "note.user.who\":\"he")]
    [InlineData("trainer.seed\":\"11", "trainer.seed\":\"12")]
    [InlineData("trainer.steps\":\"1", "trainer.steps\":\"2")]
    [InlineData("trainer.group_steps\":\"1", "trainer.group_steps\":\"x")]
    [InlineData(null, null)]
    public void AChangedCharacterIsSeen(string? from, string? to)
    {
        using (Classifier.Trainer first = new Classifier(seed: 1).CreateTrainer(16, new Adam(), new TrainerOptions { Seed = 11 }))
        {
            first.Step(Samples.Input(16), Samples.Labels(Samples.Input(16)));
            new Checkpoint(first) { Parts = { ["counter"] = new Counter { Count = 5 } }
                }.Save(Path, 7, 2, new Dictionary<string, string> { ["who"] = "me" });
        }
        string text = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(Path));
        from ??= text[^1].ToString();
        to ??= ((char)(text[^1] ^ 1)).ToString();
        int at = text.LastIndexOf(from, StringComparison.Ordinal);
        Assert.True(at >= 0);
        File.WriteAllBytes(Path, System.Text.Encoding.Latin1.GetBytes(text[..at] + to + text[(at + from.Length)..]));

        using Classifier.Trainer trainer = Trainer();
        int[] before = FitTests.Bits(trainer.Network);
        var counter = new Counter { Count = 3 };
        Assert.Contains("checksum",
            Assert.Throws<SafeTensorsException>(() => new Checkpoint(trainer) { Parts = { ["counter"] = counter } }.Load(Path)).Message,
            StringComparison.Ordinal);
        Assert.Contains("checksum", Assert.Throws<SafeTensorsException>(() => trainer.LoadCheckpoint(Path)).Message,
            StringComparison.Ordinal);
        Assert.Equal(3, counter.Count);
        Assert.Equal(before, FitTests.Bits(trainer.Network));
    }

    /// <summary>Files without a checksum, written by the versions before there was one, are read as ever.</summary>
    [Fact]
    public void OlderCheckpointsAreRead()
    {
        string golden = System.IO.Path.Combine(AppContext.BaseDirectory, "golden", "checkpoint-without-checksum.safetensors");
        var net = new Classifier(seed: 9);
        var optimizer = new Adam(0.5f);
        using Classifier.Trainer trainer = net.CreateTrainer(16, optimizer, new TrainerOptions { Seed = 6 });
        var scheduler = new LearningRateScheduler(optimizer, new ExponentialLR(0.9));
        CheckpointPosition position =
            new Checkpoint(trainer) { Source = Samples.Shuffled(60, 16), Parts = { ["scheduler"] = scheduler } }.Load(golden);
        Assert.Equal((3, 0, "día"), (position.Epoch, position.Batch, position.Metadata["who"]));
        Assert.Equal(0.00729f, optimizer.LearningRate);
        Assert.Equal(3, scheduler.Steps);
        Assert.Equal(12, net.BatchNorm1.NumBatchesTracked.CounterValue);
        using (var reader = new SafeTensorsReader(golden))
        {
            Assert.False(reader.HasChecksum);
            foreach (Parameter parameter in net.Parameters.Where(parameter => parameter.Kind != ParameterKind.Counter))
                Assert.Equal(reader.Read<float>(parameter.Name), parameter.ToArray());
        }

        // And a training goes on from it.
        File.Copy(golden, Path);
        FitResult result =
            trainer.Fit(Samples.Shuffled(60, 16),
            new FitOptions { Epochs = 4, Scheduler = scheduler, CheckpointPath = Path, Resume = true });
        Assert.Equal((4, 16), (result.Epochs.Count, result.Steps));
        Assert.Equal(16, net.BatchNorm1.NumBatchesTracked.CounterValue);
        using (var reader = new SafeTensorsReader(Path))
            Assert.True(reader.HasChecksum);

        Classifier network =
            Classifier.Load(System.IO.Path.Combine(AppContext.BaseDirectory, "golden", "network-without-checksum.safetensors"));
        Assert.Equal(12, network.BatchNorm1.NumBatchesTracked.CounterValue);
    }

    [Fact]
    public void TextsThatNoFileKeepsAreRefusedBeforeAnythingIsWritten()
    {
        using Classifier.Trainer trainer = Trainer();
        new Checkpoint(trainer).Save(Path, 1);
        byte[] before = File.ReadAllBytes(Path);
        Assert.Throws<ArgumentException>("metadata",
            () => new Checkpoint(trainer).Save(Path, 2, metadata: new Dictionary<string, string> { ["who"] = "\uD83E" }));
        Assert.Throws<ArgumentException>("metadata",
            () => new Checkpoint(trainer).Save(Path, 2, metadata: new Dictionary<string, string> { ["a\uDD94"] = "me" }));
        Assert.Throws<ArgumentException>("notes",
            () => trainer.SaveCheckpoint(Path, new Dictionary<string, string> { ["who"] = "\uDD94\uD83E" }));
        Assert.Throws<ArgumentException>("path", () => trainer.SaveCheckpoint(_directory.File("a\0b")));
        Assert.Equal(before, File.ReadAllBytes(Path));
        Assert.Equal(["run.safetensors"], _directory.Files);
    }

    /// <summary>Names at the limit of the file system, and a folder in the file's place.</summary>
    [Fact]
    public void PathsAtTheirLimits()
    {
        using Classifier.Trainer trainer = Trainer();
        foreach (string name in (string[])[new string('n', 243) + ".safetensors", new string('n', 255), new string('語', 85)])
        {
            new Checkpoint(trainer).Save(_directory.File(name), 3);
            Assert.Equal(3, new Checkpoint(trainer).Load(_directory.File(name)).Epoch);
            trainer.Network.Save(_directory.File(name));
            trainer.Network.LoadParameters(_directory.File(name));
        }
        Assert.Equal(3, _directory.Files.Count());
        Directory.CreateDirectory(Path);
        Assert.ThrowsAny<IOException>(() => new Checkpoint(trainer).Save(Path, 1));
        Assert.ThrowsAny<IOException>(() => new Checkpoint(trainer).Load(Path));
        Assert.ThrowsAny<IOException>(() => trainer.Network.Save(Path));
        Assert.ThrowsAny<IOException>(() => trainer.Network.LoadParameters(Path));
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

        public IReadOnlyDictionary<string, string> GetState()
            => new Dictionary<string, string> { ["count"] = Count.ToString(System.Globalization.CultureInfo.InvariantCulture) };

        public void Restore(IReadOnlyDictionary<string, string> state)
            => Count = int.Parse(state["count"], System.Globalization.CultureInfo.InvariantCulture);
    }
}
