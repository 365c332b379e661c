using System.Runtime.InteropServices;
using NetGen.Data;

namespace NetGen.Training.Tests;

/// <summary>The data loader as the source of a training: augmentation, workers, interruptions.</summary>
public sealed class LoaderTests : IDisposable
{
    private const int Epochs = 3;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(0, 2, 1, 1)]
    [InlineData(2, 0, 1, 4)]
    [InlineData(3, 1, 2, 7)]
    [InlineData(1, 3, 3, 2)]
    public void TrainingGoesOnFromACheckpointWithTheSameBitsWhateverTheWorkers(int workersBefore, int workersAfter, int epoch, int batch)
    {
        byte[] expected = Train(0, new FitOptions { Epochs = Epochs });

        string path = _directory.File("run.safetensors");
        using var cancellation = new CancellationTokenSource();
        var options =
            new FitOptions { Epochs = Epochs, CheckpointPath = path, Resume = true, Callbacks = [new StopAt(epoch, batch, cancellation)] };
        Assert.ThrowsAny<OperationCanceledException>(() => Train(workersBefore, options, cancellation.Token));
        byte[] resumed = Train(workersAfter, new FitOptions { Epochs = Epochs, CheckpointPath = path, Resume = true });
        Assert.Equal(expected, resumed);
    }

    [Fact]
    public void ACheckpointOfAnotherLoaderIsRefused()
    {
        string path = _directory.File("run.safetensors");
        Train(1, new FitOptions { CheckpointPath = path });
        var exception =
            Assert.ThrowsAny<IOException>(() => Train(1, new FitOptions { Epochs = 2, CheckpointPath = path, Resume = true }, seed: 5));
        Assert.Contains("seed 4", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FittingFromTheLoaderAllocatesNothingPerBatch()
    {
        using DataLoader loader = Loader(1, 4, Images(1600));
        using PictureNet.Trainer trainer = new PictureNet(seed: 1).CreateTrainer(16, new Adam(), new TrainerOptions { Threads = 1 });
        trainer.Fit(loader, new FitOptions { Epochs = 3 });

        // One epoch against two, so that what a call of Fit takes once does not count. The smallest object for each of the 100 batches
        // would be 2,400 bytes.
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 5; attempt++)
            least = Math.Min(least, Math.Abs(Allocated(2) - Allocated(1)));
        Assert.InRange(least, 0, 2000);

        long Allocated(int epochs)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            trainer.Fit(loader, new FitOptions { Epochs = epochs });
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static byte[] Train(int workers, FitOptions options, CancellationToken cancellation = default, ulong seed = 4)
    {
        var net = new PictureNet(seed: 1);
        using DataLoader loader = Loader(workers, seed, Images(150));
        using PictureNet.Trainer trainer = net.CreateTrainer(16, new Adam(1e-2f), new TrainerOptions { Threads = 1, Seed = 9 });
        trainer.Fit(loader, options, cancellation);
        return [.. net.Parameters.SelectMany(parameter => MemoryMarshal.AsBytes(parameter.ToArray().AsSpan()).ToArray())];
    }

    private static DataLoader Loader(int workers, ulong seed, InMemoryImages images) => new(images, 16, new DataLoaderOptions
    {
        Shuffle = true,
        Seed = seed,
        Workers = workers,
        Transform = new Compose(new RandomCrop(8, padding: 1), new RandomHorizontalFlip(), new ToTensor(), new Normalize(0.5f, 0.25f)),
    });

    private static InMemoryImages Images(int count)
    {
        var pixels = new byte[count * 64];
        new Random(2).NextBytes(pixels);
        return new InMemoryImages(pixels, new ImageShape(1, 8, 8), PixelLayout.Planar, [.. Enumerable.Range(0, count).Select(i => i % 3)]);
    }

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

[Network(1, 8, 8)]
[Conv2d(4, 3, Padding = 1), ReLU, MaxPool2d(2), Dropout2d(0.25)]
[Flatten, Linear(3)]
[CrossEntropyLoss]
public sealed partial class PictureNet;
