using NetGen.Data;
using NetGen.TensorBoard;

namespace NetGen.Samples;

/// <summary>A sample that trains a network on Fashion-MNIST: what differs from one to the next.</summary>
internal abstract class TrainingSample : SampleProgram
{
    /// <summary>How many test images one forward pass takes.</summary>
    private const int TestBatch = 250;

    /// <summary>A table of the network's layers.</summary>
    protected abstract string Summary { get; }

    /// <summary>A new network.</summary>
    protected abstract INetwork Create(ulong seed);

    /// <summary>What turns its gradients into steps.</summary>
    protected abstract Optimizer CreateOptimizer(float learningRate);

    /// <summary>How the learning rate goes on from epoch to epoch; null where it stays.</summary>
    protected virtual LearningRateScheduler? CreateScheduler(Optimizer optimizer) => null;

    /// <summary>Draws the sample's picture, says what it shows, and logs it.</summary>
    /// <param name="net">The trained network.</param>
    /// <param name="data">The images.</param>
    /// <param name="result">What came of the training.</param>
    /// <param name="confusion">What the network takes the test images for.</param>
    /// <param name="path">Where to.</param>
    /// <param name="log">The logs.</param>
    protected abstract void Draw(INetwork net, FashionData data, FitResult result, ConfusionMatrix confusion, string path,
        SummaryWriter log);

    /// <inheritdoc/>
    protected override void Train(TrainingOptions options, FashionData data, int epochs, CancellationToken interrupted)
    {
        var net = Create(options.Seed);
        var optimizer = CreateOptimizer(options.LearningRate);
        using var trainer =
            net.CreateTrainer(options.Batch, optimizer,
            new TrainerOptions { Threads = options.Threads, VectorWidth = options.Width, Seed = options.Seed });
        Console.WriteLine($"\n{Summary.TrimEnd()}\n\nTrains with {trainer.Schedule}.\n");

        using var train = new DataLoader(data.Train, options.Batch, new DataLoaderOptions { Shuffle = true, Seed = options.Seed });
        using var test = new DataLoader(data.Test, TestBatch);
        using var log = new TensorBoardCallback(options.Logs);
        var confusion = new ConfusionMatrix(data.ClassNames.Count);
        var result = trainer.Fit(train, new FitOptions
        {
            Epochs = epochs,
            Validation = test,
            Metrics = [new Accuracy(), new CrossEntropy()],
            Scheduler = CreateScheduler(optimizer),
            CheckpointPath = options.Checkpoint,
            Resume = options.Resume,
            Callbacks = [log],
            Display = FitDisplay.Always,
        }, interrupted);

        using var session = net.CreateSession(TestBatch, new SessionOptions { Threads = options.Threads, VectorWidth = options.Width });
        session.Evaluate(test, confusion);
        Draw(net, data, result, confusion, options.Picture, log.Writer);
        Console.WriteLine($"Logs: tensorboard --logdir {options.Logs}");
        if (options.Save is { } path)
        {
            net.Save(path);
            Console.WriteLine($"Parameters: {path}");
        }
    }
}
