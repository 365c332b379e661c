namespace NetGen.Training.Tests;

/// <summary>Training, evaluation and checkpoints over samples of different lengths.</summary>
public sealed class SequenceTrainingTests : IDisposable
{
    private const int Count = 120;

    private readonly TemporaryDirectory _directory = new();
    private readonly int[][] _reviews = Texts(1, Count, LastState.Most, LastState.Rows), _sentences = Texts(2, Count, 16, 10);
    private readonly int[] _labels;
    private readonly int[][] _tags;
    private readonly float[][] _shapes;

    /// <summary>A review is of the last of two words that it has; a word's tag tells it and whether its position is odd.</summary>
    public SequenceTrainingTests()
    {
        _labels = [.. _reviews.Select(review => Array.LastIndexOf(review, 2) > Array.LastIndexOf(review, 3) ? 1 : 0)];
        _shapes = [.. _sentences.Select(sentence => sentence.SelectMany((_, i) => new float[] { i % 2, 1 - i % 2, 0.5f }).ToArray())];
        _tags = [.. _sentences.Select(sentence => sentence.Select((word, i) => (word + i % 2) % 4).ToArray())];
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Ports_tell_lengths_and_rows()
    {
        NetworkPorts ports = ((INetwork)new Tags()).Ports;
        Assert.Equal(["tokens of ints (up to 16)", "lengths of ints ()", "shape (up to 16, 3)"],
            ports.Inputs.Select(port => port.ToString()));
        Assert.Equal(["lengths", null, "lengths"], ports.Inputs.Select(port => port.Lengths));
        Assert.Equal([10, null, null], ports.Inputs.Select(port => port.Rows));
    }

    [Theory]
    [InlineData(1, 0, null)]
    [InlineData(2, 0, null)]
    [InlineData(1, 60, 150)]
    [InlineData(2, 60, 150)]
    public void A_recurrent_network_learns_with_the_bits_of_a_loop_by_hand(int threads, int pool, int? most)
    {
        var options = new TrainerOptions { Threads = threads };
        SequenceBatches Source() => new(_reviews, _labels, 16, shuffleSeed: 4, lengthPool: pool, maxPositions: most);
        LastState fitted = new(seed: 1), byHand = new(seed: 1);
        using (LastState.Trainer trainer = fitted.CreateTrainer(16, new Adam(1e-2f), options))
            Assert.InRange(Fit(trainer, Source(), new SequenceBatches(_reviews, _labels, 50), 40), 0.95, 1);
        using (LastState.Trainer trainer = byHand.CreateTrainer(16, new Adam(1e-2f), options))
            ByHand(Source(), 40, batch => trainer.Step(batch.GetIntInput(0), batch.GetIntInput(1), batch.Labels));
        Assert.Equal(Values(byHand), Values(fitted));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_network_of_attention_learns_with_the_bits_of_a_loop_by_hand(int threads)
    {
        var options = new TrainerOptions { Threads = threads };
        SequenceBatches Source() => new(_reviews, _labels, 16, shuffleSeed: 4, lengthPool: 50);
        Encoded fitted = new(seed: 3), byHand = new(seed: 3);
        using (Encoded.Trainer trainer = fitted.CreateTrainer(16, new Adam(1e-2f), options))
            Assert.InRange(Fit(trainer, Source(), new SequenceBatches(_reviews, _labels, 50), 40), 0.9, 1);
        using (Encoded.Trainer trainer = byHand.CreateTrainer(16, new Adam(1e-2f), options))
            ByHand(Source(), 40, batch => trainer.Step(batch.GetIntInput(0), batch.GetIntInput(1), batch.Labels));
        Assert.Equal(Values(byHand), Values(fitted));
    }

    /// <summary>Targets of positions, and an input beside that has the lengths of another.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_tagger_learns_with_the_bits_of_a_loop_by_hand(int threads)
    {
        var options = new TrainerOptions { Threads = threads };
        Tags fitted = new(seed: 2), byHand = new(seed: 2);
        using (Tags.Trainer trainer = fitted.CreateTrainer(16, new Adam(2e-2f), options))
            Assert.InRange(Fit(trainer, TagSource(16, seed: 6), TagSource(50), 25), 0.95, 1);
        using (Tags.Trainer trainer = byHand.CreateTrainer(16, new Adam(2e-2f), options))
        {
            ByHand(TagSource(16, seed: 6), 25,
                batch => trainer.Step(batch.GetIntInput(0), batch.GetIntInput(1), batch.GetInput(2), batch.Labels));
        }
        Assert.Equal(Values(byHand), Values(fitted));
    }

    /// <summary>Two lengths, an input of one size, and losses of positions and of samples, each with its metric.</summary>
    [Fact]
    public void Several_inputs_and_losses()
    {
        int[][] sources = Texts(3, Count, 12, 9), targets = Texts(4, Count, 10, 9);
        float[] biases = new float[4 * Count], scores = [.. sources.Select(source => (float)source.Average())];
        Pairs fitted = new(seed: 2), byHand = new(seed: 2);
        SequenceBatches Source() => new([sources, biases, targets], [targets, scores], 8, shuffleSeed: 1, maxPositions: 80);
        var right = new Accuracy { Of = "next" };
        var error = new MeanSquaredError { Of = "score" };
        using (Pairs.Trainer trainer = fitted.CreateTrainer(8, new Adam(1e-2f)))
        {
            FitResult result = trainer.Fit(Source(), new FitOptions { Epochs = 20, Validation = Source(), Metrics = [right, error] });
            Assert.Equal(targets.Sum(target => target.Length), right.Count);
            Assert.InRange(result.Epochs[^1].Metrics[0], result.Epochs[0].Metrics[0] + 0.1, 1);
            Assert.InRange(result.Epochs[^1].Metrics[1], 0, result.Epochs[0].Metrics[1] / 2);
        }
        using (Pairs.Trainer trainer = byHand.CreateTrainer(8, new Adam(1e-2f)))
        {
            ByHand(Source(), 20, batch => trainer.Step(batch.GetIntInput(0), batch.GetIntInput(1), batch.GetInput(2), batch.GetIntInput(3),
                batch.GetIntInput(4), batch.GetLabels(0), batch.GetValues(1)));
        }
        Assert.Equal(Values(byHand), Values(fitted));
    }

    /// <summary>Metrics get what they would get of the samples one by one, and labels that do not count do not.</summary>
    [Fact]
    public void Metrics_count_positions()
    {
        int[][] tags = [.. _tags.Select(tag => (int[])tag.Clone())];
        tags[5][0] = tags[7][0] = -100;
        var net = new Tags(seed: 4);
        using Tags.Session session = net.CreateSession(50);
        var confusion = new ConfusionMatrix(4);
        float[] output = new float[16 * 4];
        for (int i = 0; i < Count; i++)
        {
            Span<float> scores = output.AsSpan(0, 4 * _sentences[i].Length);
            session.Forward(_sentences[i], [_sentences[i].Length], _shapes[i], scores);
            confusion.Add(scores, tags[i]);
        }

        var measured = new ConfusionMatrix(4);
        var tokens = new SampleValues(_sentences);
        var shapes = new SampleValues(_shapes, 3) { Like = tokens };
        session.Evaluate(new SequenceBatches([tokens, shapes], [tags], 50, lengthPool: 100), measured);
        Assert.Equal(_sentences.Sum(sentence => sentence.Length) - 2, measured.Count);
        Assert.Equal(confusion.ToTable(), measured.ToTable());
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 5)]
    public void Checkpoints_go_on_within_an_epoch_with_the_same_bits(int epoch, int batch)
    {
        float[] whole = Train(new FitOptions { Epochs = 3 });
        string path = _directory.File("run.safetensors");
        using var cancellation = new CancellationTokenSource();
        FitCallback[] callbacks = [new StopAt(epoch, batch, cancellation)];
        Assert.ThrowsAny<OperationCanceledException>(
            () => Train(new FitOptions { Epochs = 3, CheckpointPath = path, Callbacks = callbacks }, cancellation.Token));
        Assert.Equal(whole, Train(new FitOptions { Epochs = 3, CheckpointPath = path, Resume = true }));
        Assert.Contains("at most 130 positions", Assert.ThrowsAny<IOException>(() => Train(
            new FitOptions { Epochs = 4, CheckpointPath = path, Resume = true }, most: 131)).Message);

        float[] Train(FitOptions options, CancellationToken cancel = default, int most = 130)
        {
            var net = new Encoded(seed: 5);
            using Encoded.Trainer trainer = net.CreateTrainer(16, new Adam(1e-2f), new TrainerOptions { Seed = 3 });
            trainer.Fit(new SequenceBatches(_reviews, _labels, 16, shuffleSeed: 9, lengthPool: 60, maxPositions: most), options, cancel);
            return Values(net);
        }
    }

    /// <summary>The sample that does not fit is in none of the first batches.</summary>
    [Fact]
    public void What_does_not_fit_is_told_before_the_first_step()
    {
        var net = new LastState(seed: 1);
        float[] before = Values(net);
        using LastState.Trainer trainer = net.CreateTrainer(16, new Adam(1e-2f));
        int[][] reviews = [.. _reviews];
        reviews[100] = new int[25];
        Refused("Sample 100 has 25 positions: the network's input 'tokens' takes up to 24.", new(reviews, _labels, 8));
        reviews[100] = [1, 2, LastState.Rows];
        Refused("20 at position 2 of sample 100 is the number of no row of the table that the network's input 'tokens' is looked up in: "
            + "expected 0 to 19.", new(reviews, _labels, 8));
        reviews[100] = [1, -1];
        Refused("-1 at position 1 of sample 100", new(reviews, _labels, 8));
        Refused("Expected 1 class indices for each sample, the loss's targets, got 2",
            new(_reviews, _labels.Concat(_labels).ToArray(), 8));
        Refused("Expected 2 inputs in a batch", new([_reviews, _reviews], [_labels], 8));
        Refused("which is ints", new(_reviews.Select(review => Array.ConvertAll(review, word => (float)word)).ToArray(), _labels, 8));
        Refused("Expected 2 values for each sample", new(_reviews, new float[Count], 8));
        Refused("Expected batches of at most 16 samples", new(_reviews, _labels, 17));

        reviews[100] = [LastState.Rows];
        Assert.StartsWith("Validation: 20 at position 0 of sample 100", Assert.Throws<ArgumentException>(() => trainer.Fit(
            new SequenceBatches(_reviews, _labels, 8),
            new FitOptions { Validation = new SequenceBatches(reviews, _labels, 8), Metrics = [new Accuracy()] })).Message);
        Assert.Equal(before, Values(net));

        using Tags.Trainer tagger = new Tags().CreateTrainer(16, new Adam());
        Assert.Contains("got 16", Assert.Throws<ArgumentException>(() => tagger.Fit(TagSource(16, labels: new int[Count]))).Message);
        Assert.Contains("Expected 3 inputs", Assert.Throws<ArgumentException>(
            () => tagger.Fit(new SequenceBatches([_sentences, new SampleValues(_shapes, 3)], [_tags], 16))).Message);

        // Tables of other networks too.
        using Topics.Trainer topics = new Topics().CreateTrainer(8, new Adam());
        int[] words = new int[Count * Topics.InputSize];
        words[77 * Topics.InputSize + 3] = 9;
        Assert.Contains("9 at position 3 of sample 77 is the number of no row", Assert.Throws<ArgumentException>(
            () => topics.Fit(new ArrayBatches(words, new int[Count], 8))).Message);

        void Refused(string part, SequenceBatches source)
        {
            ArgumentException refused = Assert.ThrowsAny<ArgumentException>(() => trainer.Fit(source));
            Assert.Contains(part, refused.Message, StringComparison.Ordinal);
            Assert.Equal(before, Values(net));
        }
    }

    /// <summary>A batch of one long sample would end a training in its midst.</summary>
    [Fact]
    public void Batches_by_positions_are_refused_where_a_batch_needs_two_samples()
    {
        using Normalized.Trainer trainer = new Normalized().CreateTrainer(16, new Adam());
        Assert.Contains("may have one", Assert.Throws<ArgumentException>(
            () => trainer.Fit(new SequenceBatches(_reviews, _labels, 16, 1, maxPositions: 60))).Message);
        trainer.Fit(new SequenceBatches(_reviews, _labels, 16, 1, lengthPool: 60));
        Assert.Contains("has one of 1", Assert.Throws<ArgumentException>(
            () => trainer.Fit(new SequenceBatches(_reviews, _labels, 7, 1))).Message);
    }

    [Fact]
    public void Fitting_allocates_nothing_per_batch()
    {
        int[][] reviews = [.. Enumerable.Repeat(_reviews, 10).SelectMany(all => all)];
        int[] labels = [.. Enumerable.Repeat(_labels, 10).SelectMany(all => all)];
        using LastState.Trainer trainer = new LastState(seed: 1).CreateTrainer(16, new Adam(), new TrainerOptions { Threads = 1 });
        var source = new SequenceBatches(reviews, labels, 16, shuffleSeed: 1, lengthPool: 100, maxPositions: 200);
        var validation = new SequenceBatches(reviews, labels, 16);
        Allocated(2);
        // As with the loader: the smallest object for each of more than 75 batches, and as many of validation, would be 3,600 bytes.
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 5; attempt++)
            least = Math.Min(least, Math.Abs(Allocated(2) - Allocated(1)));
        Assert.InRange(least, 0, 3000);

        long Allocated(int epochs)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            trainer.Fit(source, new FitOptions { Epochs = epochs, Validation = validation, Metrics = [new Accuracy()] });
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private SequenceBatches TagSource(int batch, ulong? seed = null, SampleValues? labels = null)
    {
        var tokens = new SampleValues(_sentences);
        return new SequenceBatches([tokens, new SampleValues(_shapes, 3) { Like = tokens }], [labels ?? _tags], batch, seed);
    }

    private static double Fit(ITrainer trainer, SequenceBatches source, SequenceBatches validation, int epochs) => trainer.Fit(source,
        new FitOptions { Epochs = epochs, Validation = validation, Metrics = [new Accuracy(), new CrossEntropy()] }).Epochs[^1].Metrics[0];

    private static void ByHand(SequenceBatches source, int epochs, Action<Batch> step)
    {
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            source.Start(epoch);
            while (source.TryNext(out Batch batch))
                step(batch);
        }
    }

    private static int[][] Texts(int seed, int count, int most, int words)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
            Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => random.Next(words)).ToArray())];
    }

    private static float[] Values(INetwork net) => [.. net.Parameters.SelectMany(parameter => parameter.ToArray())];

    /// <summary>Cancels after a batch of an epoch.</summary>
    private sealed class StopAt(int epoch, int batch, CancellationTokenSource cancellation) : FitCallback
    {
        public override void OnStep(FitRun run)
        {
            if (run.Epoch == epoch && run.Batch == batch)
                cancellation.Cancel();
        }
    }
}
