using System.Globalization;
using NetGen.Samples;
using NetGen.Samples.Language;

if (!Options.TryRead(args, out Options? options, out int exitCode))
    return exitCode;

return ConsoleProgram.Run(interrupted =>
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
        training.Run(interrupted);
        if (options.Save is { } path)
        {
            net.Save(path);
            Console.WriteLine($"Parameters: {path}");
        }
    }
    Writing.Run(net, tokens, options);
    if (options.Classify)
        Classifying.Run(net, tokens, options, interrupted);
}, $"Interrupted. --resume goes on from {options.Checkpoint}, if it was the training of texts.");
