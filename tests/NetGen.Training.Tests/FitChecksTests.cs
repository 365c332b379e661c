using NetGen.TensorBoard;

namespace NetGen.Training.Tests;

/// <summary>
/// What <c>Fit</c> and <c>Evaluate</c> can know before the first step is told then, by the name of the option, and everything is as it was.
/// </summary>
public sealed class FitChecksTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void MetricsThatDoNotFitTheValidationSamples()
    {
        Refuse("Validation: The metric mean squared error needs values",
            new FitOptions { Validation = Samples.Validation(), Metrics = [new Accuracy(), new MeanSquaredError()] });
        Refuse("Validation: The metric mean absolute error needs values",
            new FitOptions { Validation = Samples.Validation(), Metrics = [new MeanAbsoluteError()] });
        Refuse("Validation: The metric accuracy needs class indices",
            new FitOptions { Validation = Values(4), Metrics = [new Accuracy()] });
        Refuse("Validation: The metric loss needs class indices",
            new FitOptions { Validation = Values(4), Metrics = [new CrossEntropy()] });
        Refuse("as many values as there are outputs, 40, got 30",
            new FitOptions { Validation = Values(3), Metrics = [new MeanSquaredError()] });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(10)]
    public void AConfusionMatrixOfAnotherNumberOfClasses(int classes) =>
        Refuse($"Validation: Expected {classes} scores for each sample, one for each class of the confusion matrix, got 4",
            new FitOptions { Validation = Samples.Validation(), Metrics = [new ConfusionMatrix(classes)] });

    [Fact]
    public void TopKBeyondTheClasses()
    {
        Refuse("Validation: The metric top-5 accuracy needs at least 5 classes, but there are 4",
            new FitOptions { Validation = Samples.Validation(), Metrics = [new Accuracy(), new TopKAccuracy(5)] });
        Assert.Throws<ArgumentException>(() => new TopKAccuracy(3).Add([1, 2], [0]));
        new TopKAccuracy(2).Add([1, 2], [0]);
    }

    /// <summary>A label for each pixel is no class of a sample, though the lengths divide.</summary>
    [Fact]
    public void SeveralLabelsForEachSample()
    {
        Refuse("Validation: The metric accuracy needs one class index for each sample, but the source gives 8 for 4",
            new FitOptions { Validation = new Source(10, 4, (_, count) => new int[2 * count]), Metrics = [new Accuracy()] });
        Refuse("Expected 1 class indices for each sample, the loss's targets, got 2",
            source: new Source(10, 4, (_, count) => new int[2 * count]));
    }

    [Fact]
    public void LabelsOfTheFirstBatchThatAreNoClass() => Refuse(
        "Validation: Expected labels from 0 to 3, or -100 for what does not count, got 4",
        new FitOptions { Validation = new Source(10, 4, (_, count) => [.. Enumerable.Repeat(4, count)]), Metrics = [new Accuracy()] });

    /// <summary>A label that is no class, far behind the first batch, of either source.</summary>
    [Fact]
    public void LabelsOfALaterBatchThatAreNoClass()
    {
        float[] input = Samples.Input(40);
        int[] labels = Samples.Labels(input);
        labels[31] = 4;
        labels[18] = -100;
        using Classifier.Trainer trainer = new Classifier(seed: 1).CreateTrainer(10, new SGD(0.1f));
        foreach (ArrayBatches source in new[]
        {
            new ArrayBatches(input, labels, 10), new ArrayBatches(input, labels, 10).Subset([1, 31, 2], 2),
        })
        {
            string message = Assert.Throws<ArgumentException>("labels", () => trainer.Fit(source)).Message;
            Assert.StartsWith("The label 4 of sample 31 is no class of the network's output 'output': expected 0 to 3, or -100 for what "
                + "does not count.", message, StringComparison.Ordinal);
        }
        Refuse("Validation: The label 4 of sample 31 is no class",
            new FitOptions { Validation = new ArrayBatches(input, labels, 10), Metrics = [new CrossEntropy(), new Accuracy()] });
        Refuse("Validation: The label -100 of sample 18 is no class of the network's output 'output': expected 0 to 3, or 4 for what does",
            new FitOptions { Validation = new ArrayBatches(input, labels, 10), Metrics = [new Accuracy { IgnoreIndex = 4 }] });
        Refuse("The label 7 at 0 of the first batch's labels is no class",
            source: new Source(10, 4, (_, count) => [7, .. new int[count - 1]]));
        trainer.Fit(new ArrayBatches(input, labels, 10).Subset([1, 18, 2], 3), new FitOptions
        {
            Validation = new ArrayBatches(input, labels, 10).Subset([1, 31, 2], 3), Metrics = [new Accuracy { IgnoreIndex = 4 }],
        });

        int[][] tokens = [[1, 2], [3, 4, 5]], tags = [[0, 1], [2, 4, 3]];
        var words = new SampleValues(tokens);
        var shape = new SampleValues(new float[][] { new float[6], new float[9] }, 3) { Like = words };
        using Tags.Trainer tagger = new Tags(seed: 1).CreateTrainer(2, new SGD(0.1f));
        Assert.Contains("The label 4 at position 1 of sample 1 is no class of the network's output 'output': expected 0 to 3",
            Assert.Throws<ArgumentException>(() => tagger.Fit(new SequenceBatches([words, shape], [tags], 1))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void SamplesOfAnotherSize()
    {
        Refuse("Validation: Expected samples of 8 values, the network's input, got 7",
            new FitOptions { Validation = new ArrayBatches(new float[70], new int[10], 10), Metrics = [new Accuracy()] });
        Refuse("Expected samples of 8 values, the network's input, got 9", source: new ArrayBatches(new float[90], new int[10], 10));
        Refuse("Expected a batch of 1 to 4 samples, as the source says, got one of 5",
            source: new Source(10, 4, (_, count) => new int[count], actual: 5));
        Refuse("Expected batches of at most 16 samples, the trainer's, got 17", source: Samples.Shuffled(32, 17));
        Refuse("The source gives no batch", source: new Source(0, 4, (_, count) => new int[count]));
        Refuse("Validation: The source gives no batch",
            new FitOptions { Validation = new Source(0, 4, (_, count) => new int[count]), Metrics = [new Accuracy()] });
    }

    [Fact]
    public void TargetsOfAnotherKindOrSize()
    {
        using Regression.Trainer regression = new Regression(seed: 1).CreateTrainer(16, new SGD(0.1f));
        Assert.Contains("class indices, but the network's loss takes values",
            Assert.Throws<ArgumentException>("source", () => regression.Fit(Samples.Shuffled(16, 16))).Message, StringComparison.Ordinal);
        Assert.Contains("Expected 2 values for each sample, the loss's targets, got 3",
            Assert.Throws<ArgumentException>("source", () => regression.Fit(Values(3))).Message, StringComparison.Ordinal);
    }

    /// <summary>A batch normalisation of vectors cannot be trained by one sample, which the last batch of an epoch may be.</summary>
    [Fact]
    public void ALastBatchOfOneSample()
    {
        Refuse("Expected batches of at least 2 samples, which the network's batch normalisation needs, but an epoch has one of 1",
            source: Samples.Shuffled(33, 16));
        Refuse("batches of at least 2 samples", source: Samples.Shuffled(8, 1));
        using Classifier.Trainer trainer = new Classifier(seed: 1).CreateTrainer(16, new SGD(0.1f));
        float[] input = Samples.Input(33);
        trainer.Fit(new ArrayBatches(input, Samples.Labels(input), 16, dropLast: true));
        // Batches of other sizes than the numbers let one think.
        trainer.Fit(new Source(9, 4, (_, count) => new int[count], actual: 3));
        using Regression.Trainer regression = new Regression(seed: 1).CreateTrainer(16, new SGD(0.1f));
        regression.Fit(Samples.Values(33, 16));
    }

    public static TheoryData<string> PathOptions => [nameof(FitOptions.BestPath), nameof(FitOptions.CheckpointPath)];

    private static FitOptions WithPath(string option, string path) => option == nameof(FitOptions.BestPath)
        ? new FitOptions { BestPath = path }
        : new FitOptions { CheckpointPath = path };

    [Theory, MemberData(nameof(PathOptions))]
    public void FilesThatCannotBeWritten(string option)
    {
        string folder = _directory.File("folder"), file = _directory.File("file");
        Directory.CreateDirectory(folder);
        File.WriteAllText(file, "");
        string missing = RefuseFile<DirectoryNotFoundException>(option, _directory.File("missing/run.safetensors"));
        Assert.Contains($"there is no folder '{_directory.File("missing")}'", missing, StringComparison.Ordinal);
        Assert.DoesNotContain(".tmp", missing, StringComparison.Ordinal);
        RefuseFile<IOException>(option, folder);
        RefuseFile<IOException>(option, Path.Combine(file, "run.safetensors"));
        RefuseFile<IOException>(option, _directory.File(new string('n', 300)));
        RefuseFile<ArgumentException>(option, _directory.File("a\0b"));
        RefuseFile<ArgumentException>(option, "");
        if (OperatingSystem.IsLinux())
            RefuseFile<IOException>(option, "/sys/kernel/run.safetensors");
        if (!OperatingSystem.IsWindows())
            RefuseFile<ArgumentException>(option, _directory.File("a\uD83E"));
        if (!OperatingSystem.IsWindows() && !Environment.IsPrivilegedProcess)
        {
            Directory.CreateDirectory(_directory.File("closed"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
            RefuseFile<IOException>(option, _directory.File("closed/run.safetensors"));
        }
        Assert.Equal(["file"], _directory.Files);
        Assert.Empty(Directory.GetFileSystemEntries(folder));

        string RefuseFile<T>(string option, string path)
            where T : Exception
        {
            string message = "";
            Unchanged(trainer => message =
                Assert.ThrowsAny<T>(() => trainer.Fit(Samples.Shuffled(32, 16), WithPath(option, path))).Message);
            Assert.StartsWith(option + ": ", message, StringComparison.Ordinal);
            return message;
        }
    }

    [Fact]
    public void OneFileForTwo()
    {
        string path = _directory.File("run.safetensors");
        Refuse("BestPath: it is the file of the CheckpointPath too",
            new FitOptions { BestPath = path, CheckpointPath = Path.Combine(Path.GetDirectoryName(path)!, ".", "run.safetensors") });
        Assert.Empty(_directory.Files);
    }

    [Fact]
    public void TextsAndPartsThatNoFileKeeps()
    {
        string path = _directory.File("run.safetensors");
        Refuse("Metadata: The text 'who' has half of a surrogate pair, U+D83E, at index 1",
            new FitOptions { CheckpointPath = path, Metadata = new Dictionary<string, string> { ["who"] = "a\uD83E" } });
        Refuse("Metadata: The key ",
            new FitOptions { CheckpointPath = path, Metadata = new Dictionary<string, string> { ["\uDD94"] = "a" } });
        Refuse("Metadata: ", new FitOptions { CheckpointPath = path, Metadata = new Dictionary<string, string> { ["who"] = null! } });
        Refuse("Parts: The text 'part.dice.roll' has half",
            new FitOptions { CheckpointPath = path, Parts = new Dictionary<string, IStateful> { ["dice"] = new Dice("\uD83E") } });
        Refuse("Parts: A part's name must not be empty and have no point: 'a.b'",
            new FitOptions { CheckpointPath = path, Parts = new Dictionary<string, IStateful> { ["a.b"] = new Dice("6") } });
        Refuse("Parts: A part's name",
            new FitOptions { CheckpointPath = path, Parts = new Dictionary<string, IStateful> { [""] = new Dice("6") } });
        Refuse("Parts: one of them is null",
            new FitOptions { CheckpointPath = path, Parts = new Dictionary<string, IStateful> { ["a"] = null! } });
        Refuse("Callbacks: one of them is null", new FitOptions { Callbacks = [null!] });
        Refuse("Metrics: one of them is null", new FitOptions { Validation = Samples.Validation(), Metrics = [new Accuracy(), null!] });
        Assert.Empty(_directory.Files);
    }

    [Fact]
    public void ACheckpointThatDoesNotFit()
    {
        string path = _directory.File("run.safetensors");
        using (Regression.Trainer other = new Regression().CreateTrainer(16, new SGD(0.1f)))
            other.Fit(Samples.Values(32, 16), new FitOptions { CheckpointPath = path });
        Unchanged(trainer =>
            Assert.Throws<SafeTensorsException>(() =>
            trainer.Fit(Samples.Shuffled(32, 16), new FitOptions { CheckpointPath = path, Resume = true })));
        File.WriteAllText(path, "no checkpoint");
        Unchanged(trainer =>
            Assert.Throws<SafeTensorsException>(() =>
            trainer.Fit(Samples.Shuffled(32, 16), new FitOptions { CheckpointPath = path, Resume = true })));
        // What is wrong elsewhere is told before a checkpoint that fits is loaded.
        Directory.CreateDirectory(_directory.File("good"));
        string good = _directory.File("good/run.safetensors");
        using (Classifier.Trainer same = new Classifier(seed: 9).CreateTrainer(16, new SGD(0.1f)))
            same.Fit(Samples.Shuffled(32, 16), new FitOptions { CheckpointPath = good });
        Refuse("needs at least 9 classes",
            new FitOptions { CheckpointPath = good, Resume = true, Validation = Samples.Validation(), Metrics = [new TopKAccuracy(9)] });
        Unchanged(trainer =>
            Assert.Throws<DirectoryNotFoundException>(() =>
            trainer.Fit(Samples.Shuffled(32, 16),
            new FitOptions { CheckpointPath = good, Resume = true, BestPath = _directory.File("missing/best") })));
    }

    [Fact]
    public void LogsThatCannotBeWritten()
    {
        string file = _directory.File("file"), runs = _directory.File("runs/lenet");
        File.WriteAllText(file, "");
        Unchanged(trainer =>
            Assert.Contains("is a file, not a folder",
            Assert.ThrowsAny<IOException>(() =>
            trainer.Fit(Samples.Shuffled(32, 16),
            new FitOptions { Callbacks = [new TensorBoardCallback(Path.Combine(file, "lenet"))] })).Message,
            StringComparison.Ordinal));
        if (OperatingSystem.IsLinux())
            Unchanged(trainer =>
                Assert.ThrowsAny<IOException>(() =>
                trainer.Fit(Samples.Shuffled(32, 16), new FitOptions { Callbacks = [new TensorBoardCallback("/sys/kernel/lenet")] })));
        Unchanged(trainer =>
            Assert.ThrowsAny<ArgumentException>(() =>
            trainer.Fit(Samples.Shuffled(32, 16),
            new FitOptions { Validation = Samples.Validation(), Metrics = [new Named("\uD83E")],
            Callbacks = [new TensorBoardCallback(runs)] })));
        var closed = new SummaryWriter(_directory.File("closed"));
        closed.Dispose();
        Unchanged(trainer =>
            Assert.Throws<ObjectDisposedException>(() =>
            trainer.Fit(Samples.Shuffled(32, 16), new FitOptions { Callbacks = [new TensorBoardCallback(closed)] })));
        // Looking leaves nothing behind.
        Assert.False(Directory.Exists(_directory.File("runs")));
        Assert.Equal(["file"], _directory.Files);
    }

    [Fact]
    public void ACallbackOfOnesOwn()
    {
        var log = new List<string>();
        Unchanged(trainer =>
            Assert.Throws<InvalidOperationException>(() =>
            trainer.Fit(Samples.Shuffled(32, 16), new FitOptions { Callbacks = [new Strict(log)] })));
        Assert.Equal(["check 0"], log);
    }

    /// <summary>Metrics keep what they have, and sources begin again: a training after a refusal is one that was never refused.</summary>
    [Fact]
    public void AfterARefusalEverythingIsAsItWas()
    {
        var accuracy = new Accuracy();
        accuracy.Add([1, 0, 0, 0], [0]);
        ArrayBatches source = Samples.Shuffled(32, 16);
        var net = new Classifier(seed: 1);
        using Classifier.Trainer trainer = net.CreateTrainer(16, new Adam());
        Assert.Throws<ArgumentException>(() =>
            trainer.Fit(source, new FitOptions { Validation = Samples.Validation(), Metrics = [accuracy, new MeanSquaredError()] }));
        Assert.Equal((1, 1.0), (accuracy.Count, accuracy.Value));
        trainer.Fit(source);

        var other = new Classifier(seed: 1);
        using Classifier.Trainer otherTrainer = other.CreateTrainer(16, new Adam());
        otherTrainer.Fit(Samples.Shuffled(32, 16));
        Assert.Equal(FitTests.Bits(other), FitTests.Bits(net));
    }

    [Fact]
    public void EvaluationsAreLookedAtBeforeTheyBegin()
    {
        using Classifier.Session session = new Classifier(seed: 1).CreateSession(32);
        var accuracy = new Accuracy();
        accuracy.Add([1, 0, 0, 0], [0]);
        Refused("needs values", Samples.Validation(), accuracy, new MeanSquaredError());
        Refused("needs class indices", Values(4), accuracy);
        Refused("Expected 3 scores", Samples.Validation(), accuracy, new ConfusionMatrix(3));
        Refused("at least 5 classes", Samples.Validation(), accuracy, new TopKAccuracy(5));
        Refused("samples of 8 values, the network's input, got 7", new ArrayBatches(new float[70], new int[10], 10), accuracy);
        Refused("at most 32 samples, the session's, got 33", Samples.Validation(100, 33), accuracy);
        session.Evaluate(Samples.Validation(), accuracy);
        Assert.Equal(100, accuracy.Count);

        void Refused(string part, IBatchSource source, params Metric[] metrics)
        {
            Assert.Contains(part, Assert.Throws<ArgumentException>(() => session.Evaluate(source, metrics)).Message,
                StringComparison.Ordinal);
            Assert.Equal((1, 1.0), (accuracy.Count, accuracy.Value));
        }
    }

    private static ArrayBatches Values(int each)
    {
        float[] input = Samples.Input(10);
        return new ArrayBatches(input, new float[each * 10], 10, 10);
    }

    private static void Refuse(string part, FitOptions? options = null, IBatchSource? source = null) => Unchanged(trainer =>
    {
        var exception = Assert.Throws<ArgumentException>(() => trainer.Fit(source ?? Samples.Shuffled(32, 16), options));
        Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        Assert.Equal(source == null ? "options" : "source", exception.ParamName);
    });

    // Neither parameters nor running statistics nor what the optimiser remembers, and no callback was told of a beginning.
    private static void Unchanged(Action<Classifier.Trainer> action)
    {
        var net = new Classifier(seed: 1);
        using Classifier.Trainer trainer = net.CreateTrainer(16, new SGD(0.1f, momentum: 0.9f), new TrainerOptions { Seed = 3 });
        trainer.Step(Samples.Input(16), Samples.Labels(Samples.Input(16)));
        int[] before = FitTests.Bits(net);
        action(trainer);
        Assert.Equal(before, FitTests.Bits(net));

        var twin = new Classifier(seed: 1);
        using Classifier.Trainer other = twin.CreateTrainer(16, new SGD(0.1f, momentum: 0.9f), new TrainerOptions { Seed = 3 });
        for (int i = 0; i < 2; i++)
            other.Step(Samples.Input(16), Samples.Labels(Samples.Input(16)));
        trainer.Step(Samples.Input(16), Samples.Labels(Samples.Input(16)));
        Assert.Equal(FitTests.Bits(twin), FitTests.Bits(net));
    }

    /// <summary>A source that is not always true to what it says.</summary>
    private sealed class Source(int count, int batchSize, Func<int, int, int[]> labels, int? actual = null) : IBatchSource
    {
        private int _done;

        public int Count => count;

        public int BatchSize => batchSize;

        public string Settings => "a test's";

        public void Start(int epoch, int firstBatch = 0) => _done = firstBatch * (actual ?? batchSize);

        public bool TryNext(out Batch batch)
        {
            int taken = Math.Min(actual ?? batchSize, count - _done);
            batch = taken <= 0 ? default : new Batch(taken, Samples.Input(taken), labels(_done, taken));
            _done += Math.Max(0, taken);
            return taken > 0;
        }
    }

    private sealed class Dice(string roll) : IStateful
    {
        public IReadOnlyDictionary<string, string> GetState() => new Dictionary<string, string> { ["roll"] = roll };

        public void Restore(IReadOnlyDictionary<string, string> state)
        {
        }
    }

    private sealed class Named(string name) : Metric
    {
        public override string Name => name;

        public override bool HigherIsBetter => false;

        public override double Value => 0;

        public override void Reset()
        {
        }

        public override void Add(ReadOnlySpan<float> output, in Batch batch)
        {
        }
    }

    private sealed class Strict(List<string> log) : FitCallback
    {
        public override void Check(FitRun run)
        {
            log.Add($"check {run.Steps}");
            throw new InvalidOperationException("Not today.");
        }

        public override void OnStart(FitRun run) => log.Add("start");
    }
}
