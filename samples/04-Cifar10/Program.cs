using System.Globalization;
using NetGen;
using NetGen.Data;
using NetGen.Samples;
using NetGen.TensorBoard;

if (!Options.TryRead(args, out Options? options, out int exitCode))
    return exitCode;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    var data = Dataset.Find(options.Data);
    Console.WriteLine($"Data: {data}");

    // CIFAR-10's own means and deviations. Only training images are cropped and flipped.
    var normalize = new Normalize([0.4914f, 0.4822f, 0.4465f], [0.2470f, 0.2435f, 0.2616f]);
    var augmented = new Compose(new RandomCrop(32, padding: 4), new RandomHorizontalFlip(), new ToTensor(), normalize);
    var plain = new Compose(new ToTensor(), normalize);
    using var train = new DataLoader(data.Train, options.Batch,
        new DataLoaderOptions { Transform = augmented, Shuffle = true, Seed = options.Seed, Workers = options.Workers });
    using var test = new DataLoader(data.Test, 250, new DataLoaderOptions { Transform = plain });

    var net = new CifarNet(options.Seed);
    using var trainer = net.CreateTrainer(options.Batch, new Adam(options.LearningRate), options.ForTrainer());
    using var session = net.CreateSession(test.BatchSize, options.ForSession());
    Console.WriteLine($"\n{CifarNet.Summary.TrimEnd()}\n\nTrains with {trainer.Schedule}.\nFed by {train.Settings}.\n");

    using var logs = new SummaryWriter(options.Logs);
    logs.AddGraph(net);
    logs.AddText("feed", train.Settings);
    foreach (var batch in train.Epoch(1))
    {
        // The first batch, as the network sees it: cropped, flipped and normalised.
        logs.AddImages("augmented", batch.Input, 3, 32, 32, step: 0, range: new ImageRange(-2, 2));
        break;
    }

    var accuracy = new Accuracy();
    for (int epoch = 1; epoch <= options.Epochs; epoch++)
    {
        var pass =
            ProgressBar.Show($"Epoch {epoch}/{options.Epochs}", train.Count, report => Training.RunEpoch(trainer, train, epoch, report));
        accuracy.Reset();
        session.Evaluate(test, accuracy);
        logs.AddScalar("loss/train", pass.Loss, epoch);
        logs.AddScalar("accuracy/test", accuracy.Value, epoch);
        Console.WriteLine($"Epoch {epoch}/{options.Epochs}   loss {pass.Loss:F4}   test accuracy {accuracy.Value:F4}  "
            + $" {train.Count / pass.Seconds:N0} samples/s   {pass.Seconds:F1} s   trainer busy {pass.TrainerShare:P1}");
    }

    var sheet = PredictionSheet.Draw(session, data.Test, plain, accuracy.Value);
    sheet.Save(options.Picture);
    logs.AddImage("predictions", sheet.ToImage(), options.Epochs);
    Console.WriteLine($"{options.Picture} shows the first test images with what the network says of them; tensorboard "
        + $"--logdir {options.Logs} shows the rest.");
    if (options.Save is { } path)
    {
        net.Save(path);
        Console.WriteLine($"Parameters: {path}");
    }

    return 0;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
{
    // What the user can mend: a missing or broken file, a vector width this processor lacks.
    Console.Error.WriteLine(e.Message);
    return 1;
}
