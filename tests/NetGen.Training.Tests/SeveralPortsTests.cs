namespace NetGen.Training.Tests;

/// <summary>Training, evaluation and checkpoints of a network with several inputs, outputs and losses, known only as a network.</summary>
public sealed class SeveralPortsTests : IDisposable
{
    private const int Count = 100;

    private readonly TemporaryDirectory _directory = new();
    private readonly float[] _positions = Numbers(1, Count * Detector.PositionSize), _images = Numbers(2, Count * Detector.ImageSize);
    private readonly float[] _boxes = Numbers(3, Count * Detector.BoxSize);
    private readonly int[] _kinds = [.. Enumerable.Range(0, Count).Select(i => i * 7 % Detector.KindSize)];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_ports_tell_what_a_batch_brings()
    {
        NetworkPorts ports = ((INetwork)new Detector()).Ports;
        Assert.Equal(["position (3)", "image (8)"], ports.Inputs.Select(port => port.ToString()));
        Assert.Equal(["features", "kind", "box"], ports.Outputs.Select(port => port.Name));
        Assert.Equal(
            [
                new NetworkTarget("kindTarget", "kind", 1, Detector.KindSize) { Classes = Detector.KindSize },
                new NetworkTarget("boxTarget", "box", 0, 2),
            ],
            ports.Targets);
    }

    [Fact]
    public void Fit_has_the_bits_of_a_loop_by_hand()
    {
        var fitted = new Detector(seed: 1);
        using (Detector.Trainer trainer = fitted.CreateTrainer(32, new Adam(1e-2f)))
        {
            FitResult result = trainer.Fit(Source(), new FitOptions
            {
                Epochs = 3,
                Validation = Source(),
                Metrics = [new Accuracy { Of = "kind" }, new MeanSquaredError { Of = "box" }],
            });
            Assert.Equal(["kind accuracy", "box mean squared error"],
                new Metric[] { new Accuracy { Of = "kind" }, new MeanSquaredError { Of = "box" } }.Select(metric => metric.Title));
            Assert.All(result.Epochs, epoch => Assert.All(epoch.Metrics, value => Assert.True(double.IsFinite(value))));
        }

        var byHand = new Detector(seed: 1);
        using (Detector.Trainer trainer = byHand.CreateTrainer(32, new Adam(1e-2f)))
        {
            ArrayBatches source = Source();
            for (int epoch = 1; epoch <= 3; epoch++)
            {
                source.Start(epoch);
                while (source.TryNext(out Batch batch))
                    trainer.Step(batch.GetInput(0), batch.GetInput(1), batch.GetLabels(0), batch.GetValues(1));
            }
        }
        Assert.Equal(Bits(byHand), Bits(fitted));
    }

    [Fact]
    public void Metrics_measure_the_output_and_the_target_of_one_loss()
    {
        var net = new Detector(seed: 3);
        using ISession session = net.CreateSession(Count);
        float[] features = new float[Count * 8], kinds = new float[Count * 4], boxes = new float[Count * 2];
        session.Forward(new Batch(Count, [_positions, _images], default), new Memory<float>[] { features, kinds, boxes });
        double right = Enumerable.Range(0, Count).Count(i => ClassMetric.ArgMax(kinds.AsSpan(i * 4, 4)) == _kinds[i]);
        double error = boxes.Zip(_boxes, (y, t) => (double)(y - t) * (y - t)).Average();

        var accuracy = new Accuracy { Of = "kind" };
        var squares = new MeanSquaredError { Of = "box" };
        session.Evaluate(Source(), accuracy, squares);
        Assert.Equal(right / Count, accuracy.Value, 12);
        Assert.Equal(error, squares.Value, 1e-6);
    }

    [Fact]
    public void Checkpoints_go_on_with_the_same_bits()
    {
        string path = _directory.File("run.safetensors");
        float[] whole = Train(4, null), interrupted;
        Train(2, path);
        interrupted = Train(4, path);
        Assert.Equal(whole, interrupted);

        float[] Train(int epochs, string? checkpoint)
        {
            var net = new Detector(seed: 5);
            using Detector.Trainer trainer = net.CreateTrainer(32, new Adam(1e-2f));
            trainer.Fit(Source(), new FitOptions { Epochs = epochs, CheckpointPath = checkpoint, Resume = checkpoint != null });
            return Values(net);
        }
    }

    [Fact]
    public void A_metric_of_no_certain_output_is_refused()
    {
        Assert.Contains("expected one of 'features', 'kind', 'box' as its Of", Refused(new Accuracy()));
        Assert.Contains("'kinds'", Refused(new Accuracy { Of = "kinds" }));
        Assert.Contains("no loss of the network is of it", Refused(new Accuracy { Of = "features" }));
        // The target of the boxes is values.
        Assert.Contains("needs class indices", Refused(new Accuracy { Of = "box" }));

        string Refused(Metric metric)
        {
            var net = new Detector(seed: 1);
            float[] before = Values(net);
            using Detector.Trainer trainer = net.CreateTrainer(32, new Adam());
            string message = Assert.Throws<ArgumentException>(() => trainer.Fit(Source(),
                new FitOptions { Validation = Source(), Metrics = [metric] })).Message;
            Assert.Equal(before, Values(net));
            return message;
        }
    }

    [Fact]
    public void Batches_that_do_not_fit_are_refused_with_what_was_expected()
    {
        Assert.Contains("Expected 2 inputs in a batch, as the network has: position (3), image (8); got 1",
            Refused([_positions], [_kinds, _boxes]));
        Assert.Contains("Expected 2 targets in a batch, as the network's losses take: kindTarget, boxTarget; got 1",
            Refused([_positions, _images], [_kinds]));
        Assert.Contains("gives class indices for 'boxTarget', but the loss of 'box' takes values",
            Refused([_positions, _images], [_kinds, _kinds]));
        Assert.Contains("samples of 3 values, the network's input 'position', got 8", Refused([_images, _positions], [_kinds, _boxes]));
        Assert.Contains("Expected 2 values for each sample, the loss's targets 'boxTarget', got 3",
            Refused([_positions, _images], [_kinds, _positions]));

        string Refused(BatchValues[] inputs, BatchValues[] targets)
        {
            var net = new Detector(seed: 1);
            float[] before = Values(net);
            using Detector.Trainer trainer = net.CreateTrainer(32, new Adam());
            string message = Assert.Throws<ArgumentException>(
                () => trainer.Fit(new ArrayBatches(inputs, targets, Count, 32))).Message;
            Assert.Equal(message, Assert.Throws<ArgumentException>(() => Step(trainer)).Message.Replace("'batch'", "'source'"));
            Assert.Equal(before, Values(net));
            return message;

            void Step(ITrainer trainer)
            {
                var source = new ArrayBatches(inputs, targets, Count, 32);
                source.Start(1);
                source.TryNext(out Batch batch);
                trainer.Step(batch);
            }
        }
    }

    [Fact]
    public void Calls_of_one_input_and_one_output_are_refused()
    {
        ITrainer trainer = new Detector().CreateTrainer(1, new Adam());
        ISession session = new Detector().CreateSession();
        using (trainer)
        using (session)
        {
            foreach (Action call in new Action[]
            {
                () => session.Forward(new float[8], new float[4]), () => _ = session.InputSize, () => _ = trainer.OutputSize,
            })
            {
                Assert.Contains("2 inputs, position (3), image (8), and 3 outputs", Assert.Throws<InvalidOperationException>(call).Message);
            }
            Assert.Contains("memory for 3 outputs", Assert.Throws<ArgumentException>(
                () => session.Forward(new Batch(1, [new float[3], new float[8]], default), [new float[8]])).Message);
        }
    }

    [Fact]
    public void A_map_makes_other_targets_and_knows_where_it_is()
    {
        var positions = new List<BatchPosition>();
        IBatchSource Mapped() => new ArrayBatches(_images, _kinds, 40, shuffleSeed: 1).Map("autoencoder", (batch, position) =>
        {
            positions.Add(position);
            return new Batch(batch.Count, batch.Input, batch.Input);
        });
        var net = new Autoencoder(seed: 1);
        using Autoencoder.Trainer trainer = net.CreateTrainer(40, new Adam(1e-2f));
        FitResult result = trainer.Fit(Mapped(), new FitOptions { Epochs = 2 });
        Assert.Equal(6, result.Steps);
        Assert.Equal([(1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2)], positions.TakeLast(6).Select(p => (p.Epoch, p.Batch)));
        Assert.EndsWith("; autoencoder", Mapped().Settings);

        var byHand = new Autoencoder(seed: 1);
        using Autoencoder.Trainer other = byHand.CreateTrainer(40, new Adam(1e-2f));
        var source = new ArrayBatches(_images, _kinds, 40, shuffleSeed: 1);
        for (int epoch = 1; epoch <= 2; epoch++)
        {
            source.Start(epoch);
            while (source.TryNext(out Batch batch))
                other.Step(batch.Input, batch.Input);
        }
        Assert.Equal(Values(byHand), Values(net));
        Assert.Throws<InvalidOperationException>(() =>
        {
            IBatchSource mapped = Mapped();
            mapped.StartLoop(1);
            mapped.Start(1);
        });
    }

    [Fact]
    public void Sources_of_several_ports_say_what_is_wrong()
    {
        Assert.Contains("at least one input", Refused([], [_kinds], Count));
        Assert.Contains("Expected as many values for each of 100 samples, got 10 in all. (Parameter 'inputs[1]')",
            Refused([_positions, _kinds[..10]], [_boxes], Count));
        Assert.Contains("for each of 99 samples, got 300 in all", Refused([_positions], [], 99));
        var batches = new ArrayBatches([_positions, _images], [], Count, 64);
        batches.Start(1);
        Assert.True(batches.TryNext(out Batch batch));
        Assert.Equal((64, 2, 0), (batch.Count, batch.InputCount, batch.TargetCount));
        Assert.Equal(_images.AsSpan(0, 64 * 8), batch.GetInput(1));
        try
        {
            batch.GetValues(0);
            Assert.Fail("There is no target.");
        }
        catch (ArgumentOutOfRangeException exception)
        {
            Assert.Equal("index", exception.ParamName);
        }

        static string Refused(BatchValues[] inputs, BatchValues[] targets, int count)
            => Assert.Throws<ArgumentException>(() => new ArrayBatches(inputs, targets, count, 8)).Message;
    }

    [Fact]
    public void Fitting_steps_and_evaluations_allocate_nothing_more_for_more_batches()
    {
        var net = new Detector(seed: 1);
        using Detector.Trainer trainer = net.CreateTrainer(4, new Adam());
        using Detector.Session session = net.CreateSession(4);
        var accuracy = new Accuracy { Of = "kind" };
        Assert.Equal(Allocated(4), Allocated(1));

        long Allocated(int epochs)
        {
            var source = new ArrayBatches([_positions, _images], [_kinds, _boxes], Count, 4);
            Run(source, 1);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Run(source, epochs);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        void Run(ArrayBatches source, int epochs)
        {
            for (int epoch = 1; epoch <= epochs; epoch++)
            {
                source.Start(epoch);
                while (source.TryNext(out Batch batch))
                    ((ITrainer)trainer).Step(batch);
            }
        }
    }

    private ArrayBatches Source() => new([_positions, _images], [_kinds, _boxes], Count, 32, shuffleSeed: 4);

    private static float[] Values(INetwork net) => [.. net.Parameters.SelectMany(parameter => parameter.ToArray())];

    private static int[] Bits(INetwork net) => [.. Values(net).Select(BitConverter.SingleToInt32Bits)];

    private static float[] Numbers(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];
    }
}
