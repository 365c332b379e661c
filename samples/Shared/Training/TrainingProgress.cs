using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace NetGen.Samples;

/// <summary>Shows how far a training is: a bar for the epoch, and a line for each that is done.</summary>
internal sealed class TrainingProgress : FitCallback, IProgress<FitProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly ProgressTask? _bar;
    private readonly string _measured;
    private long _epochStart = Stopwatch.GetTimestamp(), _lastShown;
    private int _samplesBefore;

    private TrainingProgress(ProgressTask? bar, string measured) => (_bar, _measured) = (bar, measured);

    /// <summary>Does the work, showing how far it is; where the output is no terminal, without a bar.</summary>
    /// <param name="work">The work.</param>
    /// <param name="measured">What the first metric is.</param>
    public static T Show<T>(Func<TrainingProgress, T> work, string measured = "test accuracy")
    {
        var terminal = AnsiConsole.Profile.Capabilities;
        if (Console.IsOutputRedirected || !terminal.Ansi || !terminal.Interactive)
        {
            return work(new TrainingProgress(null, measured));
        }

        return AnsiConsole.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => work(new TrainingProgress(context.AddTask("Training"), measured)));
    }

    /// <summary>Writes a line, above the bar if there is one.</summary>
    public void WriteLine(string line)
    {
        if (_bar is null)
        {
            Console.WriteLine(line);
        }
        else
        {
            AnsiConsole.WriteLine(line);
        }
    }

    public void Report(FitProgress value)
    {
        // A step may take less than a millisecond; the eye does not follow that.
        if (_bar is null || (Stopwatch.GetElapsedTime(_lastShown) < Interval && value.Samples < value.SampleCount))
        {
            return;
        }

        _lastShown = Stopwatch.GetTimestamp();
        _bar.MaxValue = value.SampleCount;
        _bar.Value = value.Samples;
        _bar.Description = string.Create(CultureInfo.InvariantCulture, $"Epoch {value.Epoch}/{value.Epochs}   loss {value.MeanLoss:F4}");
    }

    public override void OnStart(FitRun run)
    {
        _epochStart = Stopwatch.GetTimestamp();
        _samplesBefore = run.Samples;
        if (run.Steps > 0)
        {
            WriteLine(string.Create(CultureInfo.InvariantCulture, $"Goes on in epoch {run.Epoch}, after {run.Steps:N0} steps."));
        }
    }

    public override void OnEpoch(FitRun run, EpochResult result)
    {
        double seconds = Stopwatch.GetElapsedTime(_epochStart).TotalSeconds;
        WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Epoch {result.Epoch}/{run.Options.Epochs}   loss {result.Loss:F4}   {_measured} {result.Metrics[0]:F4}  "
                + $" {(run.Samples - _samplesBefore) / seconds:N0} samples/s   {seconds:F1} s"));
        _epochStart = Stopwatch.GetTimestamp();
        _samplesBefore = 0;
    }
}
