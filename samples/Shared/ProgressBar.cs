using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace NetGen.Samples;

/// <summary>A bar that fills while an epoch runs and is gone when it is done.</summary>
internal static class ProgressBar
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Told how many samples are done and what the mean loss over them is.</summary>
    public delegate void Report(int samples, double loss);

    /// <summary>Does the work, showing how far it is; where the output is no terminal, only does the work.</summary>
    public static T Show<T>(string title, int total, Func<Report, T> work)
    {
        var terminal = AnsiConsole.Profile.Capabilities;
        if (Console.IsOutputRedirected || !terminal.Ansi || !terminal.Interactive)
        {
            return work((_, _) => { });
        }

        return AnsiConsole.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var bar = context.AddTask(title, maxValue: total);
                long last = 0;
                return work((samples, loss) =>
                {
                    // A step may take less than a millisecond; the eye does not follow that.
                    if (Stopwatch.GetElapsedTime(last) < Interval && samples < total)
                    {
                        return;
                    }

                    last = Stopwatch.GetTimestamp();
                    bar.Description = string.Create(CultureInfo.InvariantCulture, $"{title}   loss {loss:F4}");
                    bar.Value = samples;
                });
            });
    }
}
