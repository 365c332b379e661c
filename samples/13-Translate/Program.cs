using System.Globalization;
using NetGen.Samples;

if (!TranslateOptions.TryParse(args, out TranslateOptions options, out string? complaint))
{
    Console.Error.WriteLine(complaint);
    return 2;
}

if (options.Help)
{
    Console.WriteLine(TranslateOptions.Usage);
    return 0;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    // The first asks for a checkpoint; the second ends the program.
    key.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
};
try
{
    var lesson = new TranslateLesson(options);
    if (options.Load)
    {
        lesson.Load();
    }
    else
    {
        lesson.Train(interrupted.Token);
    }

    lesson.Say();
    return 0;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine($"Interrupted. --resume goes on from {options.Checkpoint}.");
    return 130;
}
catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or PlatformNotSupportedException)
{
    // What the user can mend: a missing or broken file, a checkpoint of something else, a vector width this processor lacks.
    Console.Error.WriteLine(e.Message);
    return 1;
}
