using System.Globalization;
using NetGen;
using NetGen.Data;
using NetGen.Samples;

if (!Options.TryRead(args, out Options? options, out int exitCode))
    return exitCode;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    var data = FashionData.Find(options.Data);
    Console.WriteLine($"Data: {data.Origin}");
    using var train = new DataLoader(data.Train, options.Batch, new DataLoaderOptions { Shuffle = true, Seed = options.Seed });
    using var test = new DataLoader(data.Test, batchSize: 250);

    var net = new MnistConvNet(options.Seed);
    using var trainer = net.CreateTrainer(options.Batch, new Adam(options.LearningRate), options.ForTrainer());
    Console.WriteLine($"\n{MnistConvNet.Summary.TrimEnd()}\n\nTrains with {trainer.Schedule}.\n");
    var lines = new EpochLines();
    trainer.Fit(train, new FitOptions
    {
        Epochs = options.Epochs,
        Validation = test,
        Metrics = [new Accuracy()],
        Callbacks = [lines],
        Progress = lines,
    });

    using var session = net.CreateSession(test.BatchSize, options.ForSession());
    List<Mistake> mistakes = Mistake.FindAll(session, test);
    Console.WriteLine($"\n{mistakes.Count:N0} of {data.Test.Count:N0} test images are classified wrongly. The network was surest of:");
    foreach (Mistake mistake in mistakes.Take(5))
        Console.WriteLine($"  test image {mistake.Index,5}: {mistake.Describe(data.ClassNames)}");
    MistakeSheet.Write(options.Mistakes, data, mistakes);
    Console.WriteLine($"{options.Mistakes} shows more of them: in red what it says and how sure it is, in green what the image is.");
    if (options.Save is { } path)
    {
        net.Save(path);
        Console.WriteLine($"Parameters: {path}");
    }

    return 0;
}
catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or PlatformNotSupportedException
    or CudaException or ArgumentException { ParamName: "options" })
{
    // What the user can mend: a missing or broken file, a vector width this processor lacks, a GPU that is not there, or threads for one.
    Console.Error.WriteLine(e.Message);
    return 1;
}
