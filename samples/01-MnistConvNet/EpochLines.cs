using System.Diagnostics;
using System.Globalization;

namespace NetGen.Samples;

/// <summary>Shows how far a training is: a line for each epoch that is done, and on a terminal one that is rewritten until then.</summary>
internal sealed class EpochLines : FitCallback, IProgress<FitProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private long _start = Stopwatch.GetTimestamp(), _lastShown;
    private int _samplesBefore;

    /// <summary>Back to the beginning of a line that was rewritten.</summary>
    private static string Return => Console.IsOutputRedirected ? "" : "\r";

    public override void OnStart(FitRun run) => (_start, _samplesBefore) = (Stopwatch.GetTimestamp(), run.Samples);

    public void Report(FitProgress value)
    {
        // A step may take less than a millisecond; the eye does not follow that.
        if (Console.IsOutputRedirected || Stopwatch.GetElapsedTime(_lastShown) < Interval)
            return;
        _lastShown = Stopwatch.GetTimestamp();
        Console.Write(string.Create(CultureInfo.InvariantCulture,
            $"{Return}Epoch {value.Epoch}/{value.Epochs}   loss {value.MeanLoss:F4}   {value.Samples:N0} of {value.SampleCount:N0} images  "));
    }

    public override void OnEpoch(FitRun run, EpochResult result)
    {
        double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Return}Epoch {result.Epoch}/{run.Options.Epochs}   loss {result.Loss:F4}   test accuracy {result.Metrics[0]:F4}  "
                + $" {(run.Samples - _samplesBefore) / seconds:N0} samples/s   {seconds:F1} s"));
        (_start, _samplesBefore) = (Stopwatch.GetTimestamp(), 0);
    }
}
