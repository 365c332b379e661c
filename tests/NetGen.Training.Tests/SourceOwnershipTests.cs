using NetGen.Data;

namespace NetGen.Training.Tests;

/// <summary>
/// Fit and Evaluate have their source to themselves, whichever it is: what would take its batches is refused before anything happens.
/// </summary>
public sealed class SourceOwnershipTests
{
    public static TheoryData<string> Sources => new("arrays", "loader", "loader without workers");

    private static IBatchSource Source(string kind)
    {
        if (kind == "arrays")
            return Samples.Shuffled(50, 8);
        var pixels = new byte[50 * Samples.Size];
        new Random(3).NextBytes(pixels);
        return new DataLoader(
            new InMemoryImages(pixels, new ImageShape(1, 1, Samples.Size), PixelLayout.Planar,
            [.. Enumerable.Range(0, 50).Select(i => i % 4)]), 8,
            new DataLoaderOptions { Shuffle = true, Seed = 7, Workers = kind == "loader" ? 2 : 0 });
    }

    private static List<float> Epoch(IBatchSource source, int epoch)
    {
        var values = new List<float>();
        source.Start(epoch);
        while (source.TryNext(out Batch batch))
            values.AddRange(batch.Input);
        return values;
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void WhatACallbackTriesIsRefusedAndTheTrainingHasTheBitsItHasAlone(string kind)
    {
        IBatchSource source = Source(kind);
        using var disposal = source as IDisposable;
        float[] alone = Train(new FitOptions { Epochs = 2 }), meddled;
        var net = new Classifier(seed: 2);
        using Classifier.Session session = net.CreateSession(8);
        using Classifier.Trainer other = net.CreateTrainer(8, new SGD(0.1f));
        int tried = 0;
        meddled = Train(new FitOptions
        {
            Epochs = 2,
            Callbacks =
            [
                new OnEachStep(() =>
                {
                    Refused(() => session.Evaluate(source, new Accuracy()));
                    Refused(() => other.Fit(source));
                    Refused(() => source.Start(1));
                    Refused(() => source.TryNext(out _));
                    Refused(() => source.StartLoop(1));
                    tried++;
                }),
            ],
        });
        Assert.Equal(alone, meddled);
        Assert.Equal(2 * 7, tried);

        float[] Train(FitOptions options)
        {
            var fitted = new Classifier(seed: 1);
            using Classifier.Trainer trainer = fitted.CreateTrainer(8, new Adam(1e-2f), new TrainerOptions { Threads = 1 });
            trainer.Fit(source, options);
            return [.. fitted.Parameters.SelectMany(parameter => parameter.ToArray())];
        }

        static void Refused(Action action)
            => Assert.Contains("second source", Assert.Throws<InvalidOperationException>(action).Message, StringComparison.Ordinal);
    }

    /// <summary>Between epochs the source is free: training accuracy may be measured on it.</summary>
    [Theory]
    [MemberData(nameof(Sources))]
    public void AfterAnEpochTheSourceIsFree(string kind)
    {
        IBatchSource source = Source(kind);
        using var disposal = source as IDisposable;
        var net = new Classifier(seed: 1);
        using Classifier.Trainer trainer = net.CreateTrainer(8, new Adam(1e-2f));
        using Classifier.Session session = net.CreateSession(8);
        var accuracy = new Accuracy();
        FitResult result =
            trainer.Fit(source, new FitOptions { Epochs = 3, Callbacks = [new OnEachEpoch(() => session.Evaluate(source, accuracy))] });
        Assert.Equal(3 * 7, result.Steps);
        Assert.Equal(50, accuracy.Count);
    }

    /// <summary>Whatever ends a training, the source is free afterwards.</summary>
    [Theory]
    [MemberData(nameof(Sources))]
    public void ATrainingThatFailsLeavesTheSourceFree(string kind)
    {
        IBatchSource source = Source(kind);
        using var disposal = source as IDisposable;
        List<float> expected = Epoch(source, 1);
        using Classifier.Trainer trainer = new Classifier(seed: 1).CreateTrainer(8, new Adam(1e-2f));
        Assert.Throws<FormatException>(() =>
            trainer.Fit(source, new FitOptions { Callbacks = [new OnEachStep(() => throw new FormatException())] }));
        Assert.Equal(expected, Epoch(source, 1));

        using var cancellation = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            trainer.Fit(source, new FitOptions { Callbacks = [new OnEachStep(cancellation.Cancel)] }, cancellation.Token));
        Assert.Equal(expected, Epoch(source, 1));
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task ASecondThreadsTrainingIsRefused(string kind)
    {
        IBatchSource source = Source(kind);
        using var disposal = source as IDisposable;
        using var training = new SemaphoreSlim(0);
        using var gate = new ManualResetEventSlim();
        Task<FitResult> first = Task.Run(() =>
        {
            using Classifier.Trainer trainer =
                new Classifier(seed: 1).CreateTrainer(8, new Adam(1e-2f), new TrainerOptions { Threads = 1 });
            return trainer.Fit(source, new FitOptions { Callbacks = [new OnEachStep(() => { training.Release(); gate.Wait(); })] });
        });
        await training.WaitAsync();
        using Classifier.Trainer second = new Classifier(seed: 1).CreateTrainer(8, new Adam(1e-2f), new TrainerOptions { Threads = 1 });
        Assert.Throws<InvalidOperationException>(() => second.Fit(source));
        gate.Set();
        Assert.Equal(7, (await first).Steps);
    }

    /// <summary>
    /// A loop within a loop by Start and TryNext: the inner one has what it asked for, the outer is told that its epoch was given up.
    /// </summary>
    [Theory]
    [MemberData(nameof(Sources))]
    public void ALoopThatWasGivenUpIsToldSo(string kind)
    {
        IBatchSource source = Source(kind);
        using var disposal = source as IDisposable;
        List<float> expected = Epoch(source, 1);
        source.Start(1);
        var exception = Assert.Throws<InvalidOperationException>(() =>
        {
            while (source.TryNext(out _))
                Assert.Equal(expected, Epoch(source, 1));
        });
        Assert.Contains("was given up", exception.Message, StringComparison.Ordinal);

        using Classifier.Session session = new Classifier(seed: 1).CreateSession(8);
        source.Start(1);
        Assert.True(source.TryNext(out _));
        session.Evaluate(source, new Accuracy());
        Assert.Contains("was given up", Assert.Throws<InvalidOperationException>(() => source.TryNext(out _)).Message,
            StringComparison.Ordinal);
        Assert.Equal(expected, Epoch(source, 1));
    }

    /// <summary>A source of one's own needs none of it to be trained from.</summary>
    [Fact]
    public void ASourceThatDoesNotKeepLoopsApartIsTakenAsItIs()
    {
        using Classifier.Trainer trainer = new Classifier(seed: 1).CreateTrainer(8, new Adam(1e-2f));
        Assert.Equal(7, trainer.Fit(new Wrapped(Samples.Shuffled(50, 8))).Steps);
    }

    private sealed class Wrapped(ArrayBatches inner) : IBatchSource
    {
        public int Count => inner.Count;

        public int BatchSize => inner.BatchSize;

        public string Settings => inner.Settings;

        public void Start(int epoch, int firstBatch = 0) => inner.Start(epoch, firstBatch);

        public bool TryNext(out Batch batch) => inner.TryNext(out batch);
    }

    private sealed class OnEachStep(Action action) : FitCallback
    {
        public override void OnStep(FitRun run) => action();
    }

    private sealed class OnEachEpoch(Action action) : FitCallback
    {
        public override void OnEpoch(FitRun run, EpochResult result) => action();
    }
}
