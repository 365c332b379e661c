using System.Diagnostics;

namespace NetGen.Samples;

/// <summary>One pass over the training images.</summary>
/// <param name="Loss">The mean of the loss over all samples, each as it was when its batch came.</param>
/// <param name="Samples">How many samples were trained on.</param>
/// <param name="Seconds">Wall-clock time of the pass, preparing the batches included.</param>
internal readonly record struct EpochResult(double Loss, int Samples, double Seconds)
{
    public double SamplesPerSecond => Samples / Seconds;
}

internal static class Training
{
    /// <summary>Trains on every image once, in an order that the seed and the epoch's number decide.</summary>
    public static EpochResult RunEpoch(MnistConvNet.Trainer trainer, ImageSet images, ulong seed, int epoch, ProgressBar.Report report)
    {
        var order = Shuffled(images.Count, seed, epoch);
        var pixels = new float[trainer.BatchSize * MnistConvNet.InputSize];
        var labels = new int[trainer.BatchSize];

        long start = Stopwatch.GetTimestamp();
        double loss = 0;
        int done = 0;
        while (done < images.Count)
        {
            // The last batch may be a short one; it is trained on like any other.
            int count = Math.Min(trainer.BatchSize, images.Count - done);
            images.Gather(order.AsSpan(done, count), pixels, labels);
            loss += count * trainer.Step(pixels.AsSpan(0, count * MnistConvNet.InputSize), labels.AsSpan(0, count));
            done += count;
            report(done, loss / done);
        }

        return new EpochResult(loss / done, done, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static int[] Shuffled(int count, ulong seed, int epoch)
    {
        var order = Enumerable.Range(0, count).ToArray();
        new Random(Mix(seed + (ulong)epoch)).Shuffle(order);
        return order;
    }

    /// <summary>SplitMix64: neighbouring seeds and epochs must not give related orders.</summary>
    private static int Mix(ulong z)
    {
        z *= 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)(z ^ (z >> 31));
    }
}
