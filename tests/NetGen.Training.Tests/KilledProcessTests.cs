using System.Diagnostics;

namespace NetGen.Training.Tests;

/// <summary>
/// A process that trains and writes a checkpoint after every step is killed, 50 times, wherever it is. Each time the file must be whole,
/// be that of an uninterrupted training after as many steps, byte for byte, and go on with its bits.
/// </summary>
public sealed class KilledProcessTests : IDisposable
{
    private const int Kills = 50, StepsBeyond = 3;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task ACheckpointSurvivesAKillAtAnyMoment()
    {
        string path = _directory.File("run.safetensors");
        var random = new Random(20);
        using var straight = new Uninterrupted();
        var expected = new List<(long Step, int Loss)>();
        for (int kill = 0; kill < Kills; kill++)
        {
            await TrainAndKill(path, TimeSpan.FromMilliseconds(random.NextDouble() * 40));

            using KilledTraining resumed = KilledTraining.Create();
            CheckpointPosition position = resumed.Load(path);
            Assert.Equal("the child", position.Metadata["who"]);
            long steps = (long)position.Epoch * KilledTraining.BatchesPerEpoch + position.Batch;
            Assert.True(steps >= straight.Steps, $"After {straight.Steps} steps the file went back to {steps}.");
            straight.GoTo(steps);
            Assert.Equal(straight.Bytes(_directory), resumed.Bytes(_directory));

            resumed.Source.Start(position.Epoch + 1, position.Batch);
            for (int i = 1; i <= StepsBeyond; i++)
                expected.Add((steps + i, resumed.Step(ref position)));
        }
        straight.GoTo(straight.Steps + StepsBeyond);
        Assert.All(expected, loss => Assert.Equal(straight.Losses[(int)loss.Step - 1], loss.Loss));
        Assert.True(
            straight.Steps >= Kills, $"Only {straight.Steps} steps in {Kills} processes: they were killed before they did anything.");
    }

    // From the moment at which it has written for the first time: a busy machine may take long until then.
    private static async Task TrainAndKill(string path, TimeSpan after)
    {
        var start =
            new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet"
            ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "exec", typeof(KilledProcessTests).Assembly.Location, "train", path },
            // Little is worth optimising in a second.
            Environment = { ["DOTNET_TieredPGO"] = "0" },
        };
        DateTime before = File.Exists(path) ? File.GetLastWriteTimeUtc(path) : default;
        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync();
        string? line = await child.StandardOutput.ReadLineAsync();
        Assert.True(line == "training", line + await (line == null ? errors : Task.FromResult("")));
        while ((!File.Exists(path) || File.GetLastWriteTimeUtc(path) == before) && !child.HasExited)
            await Task.Delay(1);
        await Task.Delay(after);
        Assert.False(child.HasExited, "The child ended by itself.");
        child.Kill();
        await child.WaitForExitAsync();
    }

    /// <summary>The same training by hand, in this process, without interruption.</summary>
    private sealed class Uninterrupted : IDisposable
    {
        private readonly KilledTraining _training = KilledTraining.Create();
        private CheckpointPosition _position = new(0, 0, new Dictionary<string, string>());

        public Uninterrupted() => _training.Source.Start(1);

        public List<int> Losses { get; } = [];

        public long Steps => Losses.Count;

        public void GoTo(long steps)
        {
            while (Steps < steps)
                Losses.Add(_training.Step(ref _position));
        }

        public byte[] Bytes(TemporaryDirectory directory) => _training.Bytes(directory);

        public void Dispose() => _training.Dispose();
    }
}

/// <summary>The training of the child processes: everything that has a state.</summary>
internal sealed class KilledTraining : IDisposable
{
    private const int Count = 50, BatchSize = 16;

    public const int BatchesPerEpoch = (Count + BatchSize - 1) / BatchSize;

    public required Classifier.Trainer Trainer { get; init; }

    public required ArrayBatches Source { get; init; }

    public required LearningRateScheduler Scheduler { get; init; }

    public static KilledTraining Create()
    {
        var optimizer = new AdamW(1e-2f);
        return new KilledTraining
        {
            Trainer = new Classifier(seed: 3).CreateTrainer(BatchSize, optimizer, new TrainerOptions { Seed = 4 }),
            Source = Samples.Shuffled(Count, BatchSize),
            Scheduler = new LearningRateScheduler(optimizer, new ExponentialLR(0.9999)),
        };
    }

    /// <summary>Loads all but the loop's own counts.</summary>
    public CheckpointPosition Load(string path)
        => new Checkpoint(Trainer) { Source = Source, Parts = { ["scheduler"] = Scheduler } }.Load(path);

    /// <summary>The next step, over the end of an epoch too; the bits of its loss.</summary>
    public int Step(ref CheckpointPosition position)
    {
        Batch batch;
        while (!Source.TryNext(out batch))
        {
            position = position with { Epoch = position.Epoch + 1 };
            Source.Start(position.Epoch + 1);
        }
        float loss = Trainer.Step(batch.Input, batch.Labels);
        Scheduler.Step();
        return BitConverter.SingleToInt32Bits(loss);
    }

    /// <summary>All that the trainer and the scheduler remember.</summary>
    public byte[] Bytes(TemporaryDirectory directory)
    {
        string path = directory.File("compared.safetensors");
        Trainer.SaveCheckpoint(path, Scheduler.GetState());
        return File.ReadAllBytes(path);
    }

    public void Dispose() => Trainer.Dispose();
}
