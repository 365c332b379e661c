using NetGen.Samples.Serve;

(Options? options, string complaint) = Options.Parse(args);
if (options is null)
{
    Console.Error.WriteLine(complaint);
    return 2;
}

if (options.Help)
{
    Console.WriteLine(Options.Usage);
    return 0;
}

try
{
    if (options.Train is { } folder)
    {
        Training.Run(folder, options.Epochs, options.Seed).Save(options.Save);
        Console.WriteLine($"Parameters: {options.Save}");
        return 0;
    }

    DigitNet network = DigitNet.Load(options.Model);
    await using WebApplication app = DigitServer.Create(network, options.Url);
    await app.StartAsync();
    Console.WriteLine($"Draw a digit at {string.Join(", ", app.Urls)}; Ctrl+C stops.");
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
{
    // What the user can mend: a missing or broken file, a port that is taken.
    Console.Error.WriteLine(e.Message);
    return 1;
}
