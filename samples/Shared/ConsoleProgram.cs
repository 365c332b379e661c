namespace NetGen.Samples;

/// <summary>How the samples that train end: done, interrupted, or with what the user can mend.</summary>
internal static class ConsoleProgram
{
    /// <summary>Runs a program's work.</summary>
    /// <param name="work">The work, which Ctrl+C asks to leave a checkpoint and end.</param>
    /// <param name="interrupted">What is said where it has done so.</param>
    /// <returns>The exit status.</returns>
    public static int Run(Action<CancellationToken> work, string interrupted)
    {
        using var end = new CancellationTokenSource();
        Console.CancelKeyPress += (_, key) =>
        {
            // The first asks for a checkpoint; the second ends the program.
            key.Cancel = !end.IsCancellationRequested;
            end.Cancel();
        };
        try
        {
            work(end.Token);
            return 0;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine(interrupted);
            return 130;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            // What the user can mend: a missing or broken file, a checkpoint of something else, a vector width this processor lacks.
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }
}
