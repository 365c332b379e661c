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

return ConsoleProgram.Run(interrupted =>
{
    var lesson = new TranslateLesson(options);
    if (options.Load)
    {
        lesson.Load();
    }
    else
    {
        lesson.Train(interrupted);
    }

    lesson.Say();
}, $"Interrupted. --resume goes on from {options.Checkpoint}.");
