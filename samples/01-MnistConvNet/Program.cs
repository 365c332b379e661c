using NetGen;
using NetGen.Samples;

if (!Options.TryParse(args, out var options, out var complaint))
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
    var data = Dataset.Find(options.Data);
    Console.WriteLine($"Data: {data.Origin}");

    var net = new MnistConvNet(options.Seed);
    using var trainer = net.CreateTrainer(options.Batch, new Adam(options.LearningRate), options.ForTrainer());
    using var session = net.CreateSession(Evaluation.Batch, options.ForSession());

    Console.WriteLine($"\n{MnistConvNet.Summary.TrimEnd()}\n\nTrains with {trainer.Schedule}.\n");

    for (int epoch = 1; epoch <= options.Epochs; epoch++)
    {
        var trained = ProgressBar.Show($"Epoch {epoch}/{options.Epochs}", data.Train.Count,
            report => Training.RunEpoch(trainer, data.Train, options.Seed, epoch, report));
        double accuracy = Evaluation.Accuracy(session, data.Test);
        Console.WriteLine(Text.Epoch(epoch, options.Epochs, trained, accuracy));
    }

    var mistakes = Evaluation.Mistakes(session, data.Test);
    MistakeSheet.Write(options.Mistakes, data, mistakes);
    Console.WriteLine(Text.Legend(options.Mistakes, mistakes.Count, data.Test.Count));

    if (options.Save is { } path)
    {
        net.Save(path);
        Console.WriteLine($"Parameters: {path}");
    }

    return 0;
}
catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or PlatformNotSupportedException)
{
    // What the user can mend: a missing or broken file, a vector width this processor lacks.
    Console.Error.WriteLine(e.Message);
    return 1;
}
