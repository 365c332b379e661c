using NetGen.Samples.Serve;
using OptionsValidationException = Microsoft.Extensions.Options.OptionsValidationException;

if (!Options.TryRead(args, out Options? options, out int exitCode))
    return exitCode;

try
{
    if (options.Train is { } folder)
    {
        Training.Run(folder, options.Epochs, options.Seed).Save(options.Save);
        Console.WriteLine($"Parameters: {options.Save}");
        return 0;
    }

    await using WebApplication app = DigitServer.Create(options.Url, serving =>
    {
        serving.Model = Path.GetFullPath(options.Model);
        serving.MaxBatch = options.MaxBatch;
        serving.MaxDelay = TimeSpan.FromMilliseconds(options.MaxDelay);
        serving.QueueLimit = options.Queue;
    });
    await app.StartAsync();
    Console.WriteLine($"Draw a digit at {string.Join(", ", app.Urls)}; Ctrl+C stops.");
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException
    or OptionsValidationException)
{
    // What the user can mend: a missing or broken file, a port that is taken, numbers that contradict each other.
    Console.Error.WriteLine(e.Message);
    return 1;
}
