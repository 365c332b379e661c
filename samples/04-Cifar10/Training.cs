using System.Diagnostics;
using NetGen.Data;

namespace NetGen.Samples;

/// <summary>One pass over the training images.</summary>
/// <param name="Loss">The mean of the loss over all samples, each as it was when its batch came.</param>
/// <param name="Seconds">Wall-clock time of the pass.</param>
/// <param name="TrainerShare">The part of the time in which the trainer worked, and did not wait for the loader.</param>
internal readonly record struct Pass(double Loss, double Seconds, double TrainerShare);

internal static class Training
{
    /// <summary>
    /// Trains on every image once, in an order and with crops and flips that the loader's seed and the epoch's number decide.
    /// </summary>
    public static Pass RunEpoch(CifarNet.Trainer trainer, DataLoader loader, int epoch, ProgressBar.Report report)
    {
        long start = Stopwatch.GetTimestamp(), stepping = 0;
        double loss = 0;
        int done = 0;
        foreach (Batch batch in loader.Epoch(epoch))
        {
            long step = Stopwatch.GetTimestamp();
            loss += batch.Count * trainer.Step(batch.Input, batch.Labels);
            stepping += Stopwatch.GetTimestamp() - step;
            done += batch.Count;
            report(done, loss / done);
        }

        long all = Stopwatch.GetTimestamp() - start;
        return new Pass(loss / done, (double)all / Stopwatch.Frequency, (double)stepping / all);
    }
}
