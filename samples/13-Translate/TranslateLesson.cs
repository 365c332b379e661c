using System.Diagnostics;
using NetGen.TensorBoard;

namespace NetGen.Samples;

/// <summary>Trains the network, tests it on dates that it has not seen in any form, and shows where it looked.</summary>
internal sealed class TranslateLesson(TranslateOptions options)
{
    private const int TestBatch = 250, Shown = 6;

    private readonly DateSets _dates = DateSets.Draw(options.Dates);
    private readonly DateTranslator _net = new(options.Seed);

    private SessionOptions ForSessions => new() { Threads = options.Threads, VectorWidth = options.Width };

    /// <summary>Trains, and keeps the parameters of the best epoch.</summary>
    public void Train(CancellationToken interrupted)
    {
        Console.WriteLine($"Days from 1900 to 2099, each in one form: {_dates.Train.Count:N0} to learn from, "
            + $"{_dates.Validation.Count:N0} to choose the best epoch by, {_dates.Test.Count:N0} to test on. No day is in two of them.");
        var optimizer = new Adam(options.LearningRate);
        using DateTranslator.Trainer trainer = _net.CreateTrainer(options.Batch, optimizer,
            new TrainerOptions { Threads = options.Threads, VectorWidth = options.Width, Seed = options.Seed, ClipGradientNorm = 1 });
        Console.WriteLine($"\n{DateTranslator.Summary.TrimEnd()}\n\nTrains with {trainer.Schedule}.\n");
        using var log = new TensorBoardCallback(options.Logs);
        long start = Stopwatch.GetTimestamp();
        FitResult result = trainer.Fit(
            DateBatches.Of(_dates.Train, options.Batch, options.Seed),
            new FitOptions
            {
                Epochs = options.Epochs,
                Validation = DateBatches.Of(_dates.Validation, TestBatch),
                Metrics = [new ExactMatch()],
                Scheduler = new LearningRateScheduler(optimizer, new ExponentialLR(0.6)),
                BestPath = options.Save,
                CheckpointPath = options.Checkpoint,
                Resume = options.Resume,
                Callbacks = [log],
                Display = FitDisplay.Always,
            },
            interrupted);
        Console.WriteLine($"{Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s. Logs: tensorboard --logdir {options.Logs}");

        // The epoch is chosen by other dates than those of the test, which is taken once.
        _net.LoadParameters(options.Save);
        Test(result.BestEpoch);
        Canvas picture = Show(_dates.Test.Take(Shown).MaxBy(written => written.Text.Length)!.Text, isDrawn: options.Say.Count == 0);
        log.Writer.AddImage("attention", picture.Width, picture.Height, 3, picture.Pixels, result.Steps);
    }

    /// <summary>Takes what an earlier training has learned.</summary>
    public void Load() => _net.LoadParameters(options.Save);

    /// <summary>Translates the texts of the command line, and draws where the decoder looked in the first.</summary>
    public void Say()
    {
        for (int i = 0; i < options.Say.Count; i++)
        {
            Show(options.Say[i], isDrawn: i == 0);
        }
    }

    private void Test(int bestEpoch)
    {
        using var decoder = new Decoder(_net, ForSessions);
        Translation[] translations = [.. decoder.Translate(_dates.Test.Select(written => written.Encode()))];
        (WrittenDate Written, string Date)[] wrong =
        [
            .. _dates.Test.Zip(translations, (written, translation) => (written, translation.Date))
                .Where(pair => pair.Date != IsoDate.Text(pair.written.Date)),
        ];
        double exact = 1 - (double)wrong.Length / _dates.Test.Count;
        Console.WriteLine($"Test: {exact:F4} of {_dates.Test.Count:N0} unseen dates are translated without a mistake, by the parameters "
            + $"after epoch {bestEpoch}.");
        for (int i = 0; i < Shown; i++)
        {
            Console.WriteLine($"  {_dates.Test[i].Text,-WrittenDate.Most}  {translations[i].Date}");
        }

        foreach ((WrittenDate written, string date) in wrong.Take(Shown))
        {
            Console.WriteLine($"  {written.Text,-WrittenDate.Most}  {date}, which is wrong");
        }
    }

    private Canvas Show(string text, bool isDrawn)
    {
        using var decoder = new Decoder(_net, ForSessions);
        int[] characters = WrittenDate.Encode(text, out string complaint) ?? throw new InvalidOperationException($"{text}: {complaint}");
        Translation translation = decoder.Translate([characters]).Single();
        Canvas picture = AttentionMap.Draw(text, translation);
        Console.WriteLine($"\n\"{text}\" is {translation.Date}.\n{AttentionMap.Write(text, translation)}");
        if (isDrawn)
        {
            picture.Save(options.Picture);
            Console.WriteLine($"{options.Picture} shows at which characters of the text (columns) the decoder looked for each that it "
                + "wrote (rows).");
        }

        return picture;
    }
}
