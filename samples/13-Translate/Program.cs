using NetGen.Samples;

if (!TranslateOptions.TryRead(args, out TranslateOptions? options, out int exitCode))
    return exitCode;

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
