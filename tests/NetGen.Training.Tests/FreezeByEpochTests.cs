namespace NetGen.Training.Tests;

public sealed class FreezeByEpochTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void FreezesAndThawsByTheEpochsNumber()
    {
        (_, List<bool> changes) = Train(6, null, 0);
        // Epochs 1 and 2 frozen, 3 and 4 not, 5 frozen, 6 not.
        Assert.Equal([false, false, true, true, false, true], changes);
    }

    /// <summary>Within a frozen epoch, within another, and between the two.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(11)]
    [InlineData(16)]
    public void GoesOnFromACheckpointToTheSameBits(int stepsBefore)
    {
        (int[] whole, _) = Train(6, null, 0);
        string path = _directory.File("run.safetensors");
        Assert.Throws<OperationCanceledException>(() => Train(6, path, stepsBefore));
        Assert.Equal(whole, Train(6, path, 0).Bits);
    }

    [Fact]
    public void ThroughAndFrom()
    {
        var group = new ParameterGroup("linear1");
        var net = new Classifier(seed: 1);
        using Classifier.Trainer trainer = net.CreateTrainer(16, new Adam(1e-2f) { Groups = { group } });
        var frozen = new List<bool>();
        trainer.Fit(Samples.Shuffled(64, 16), new FitOptions
        {
            Epochs = 4, Callbacks = [FreezeByEpoch.Through(group, 2), new Log(() => frozen.Add(group.Frozen))],
        });
        Assert.Equal([true, true, true, true, true, true, true, true, false, false, false, false, false, false, false, false], frozen);
        frozen.Clear();
        trainer.Fit(Samples.Shuffled(64, 64 / 4), new FitOptions
        {
            Epochs = 2, Callbacks = [FreezeByEpoch.From(group, 2), new Log(() => frozen.Add(group.Frozen))],
        });
        Assert.Equal([false, false, false, false, true, true, true, true], frozen);
        Assert.Throws<ArgumentOutOfRangeException>(() => FreezeByEpoch.Through(group, 0));
    }

    [Fact]
    public void WhatDoesNotFitIsTold()
    {
        var group = new ParameterGroup("linear1");
        using Classifier.Trainer trainer = new Classifier(seed: 1).CreateTrainer(16, new Adam(1e-2f) { Groups = { group } });
        Assert.Contains("the group \"linear2\", which is to be frozen by epochs, is none of the 1 groups", Assert.Throws<ArgumentException>(
            () => trainer.Fit(Samples.Shuffled(16, 16), new FitOptions
            {
                Callbacks = [FreezeByEpoch.Through(new ParameterGroup("linear2"), 1)],
            })).Message, StringComparison.Ordinal);
        Assert.Contains("two of them freeze the group", Assert.Throws<ArgumentException>(
            () => trainer.Fit(Samples.Shuffled(16, 16), new FitOptions
            {
                Callbacks = [FreezeByEpoch.Through(group, 1), FreezeByEpoch.From(group, 3)],
            })).Message, StringComparison.Ordinal);
        Assert.False(group.Frozen);
    }

    private static (int[] Bits, List<bool> Changes) Train(int epochs, string? path, int stepsBefore)
    {
        var group = new ParameterGroup("linear1");
        var net = new Classifier(seed: 1);
        using Classifier.Trainer trainer = net.CreateTrainer(16, new Adam(1e-2f) { Groups = { group } });
        using var cancellation = new CancellationTokenSource();
        var changes = new List<bool>();
        float[] before = net.Linear1.Weight.ToArray();
        var options = new FitOptions
        {
            Epochs = epochs,
            CheckpointPath = path,
            Resume = path != null,
            Callbacks =
            [
                new FreezeByEpoch(group, epoch => epoch is <= 2 or 5),
                new Log(() =>
                {
                    if (--stepsBefore == 0)
                        cancellation.Cancel();
                },
                () =>
                {
                    float[] now = net.Linear1.Weight.ToArray();
                    changes.Add(!now.AsSpan().SequenceEqual(before));
                    before = now;
                }),
            ],
        };
        trainer.Fit(Samples.Shuffled(64, 16), options, cancellation.Token);
        return (FitTests.Bits(net), changes);
    }

    private sealed class Log(Action onStep, Action? onEpoch = null) : FitCallback
    {
        public override void OnStep(FitRun run) => onStep();

        public override void OnEpoch(FitRun run, EpochResult result) => onEpoch?.Invoke();
    }
}
