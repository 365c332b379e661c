using System.Globalization;
using NetGen.Samples.Language;

if (!Options.TryParse(args, out Options options, out string? complaint))
{
    Console.Error.WriteLine(complaint);
    return 2;
}
if (options.Help)
{
    Console.WriteLine(Options.Usage);
    return 0;
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    // The first asks for a checkpoint; the second ends the program.
    key.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
};
try
{
    var tokens = new Tokens();
    Llama net;
    if (options.Load is { } file)
    {
        net = Llama.Load(file);
    }
    else
    {
        var corpus = new Corpus(tokens, Resources.ReadText());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Shakespeare: {corpus.Characters:N0} characters, "
            + $"{corpus.TrainingTokens:N0} tokens to learn from, {corpus.ValidationTokens:N0} to validate with\n"));
        net = new Llama(options.Seed);
        using var training = new Training(options, corpus, net);
        training.Run(interrupted.Token);
        if (options.Save is { } path)
        {
            net.Save(path);
            Console.WriteLine($"Parameters: {path}");
        }
    }
    Writing.Run(net, tokens, options);
    if (options.Classify)
        Classifying.Run(net, tokens, options, interrupted.Token);
    return 0;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine($"Interrupted. --resume goes on from {options.Checkpoint}, if it was the training of texts.");
    return 130;
}
catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
{
    // What the user can mend: a missing or broken file, a checkpoint of something else.
    Console.Error.WriteLine(e.Message);
    return 1;
}
