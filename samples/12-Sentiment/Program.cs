using System.Diagnostics;
using NetGen;
using NetGen.Samples;
using NetGen.TensorBoard;

if (!SentimentOptions.TryRead(args, out SentimentOptions? options, out int exitCode))
    return exitCode;

return ConsoleProgram.Run(interrupted =>
{
    var lessons = new SentimentLesson(options);
    if (options.Load)
    {
        lessons.Load();
    }
    else
    {
        lessons.Train(interrupted);
    }

    lessons.JudgeAll();
}, $"Interrupted. --resume goes on from {options.Checkpoint}, and each model's name within.");

/// <summary>Trains the models one behind the other, and asks all of them.</summary>
internal sealed class SentimentLesson(SentimentOptions options)
{
    private const int TestBatch = 128;

    private static readonly string[] Opinions = ["negative", "positive"];

    private readonly (Sentences Train, Sentences Validation, Sentences Test, Vocabulary Vocabulary) _data = Sentences.Read();
    private readonly List<(Reader Reader, INetwork Net)> _learned = [];

    private SessionOptions ForSessions => new() { Threads = options.Threads, VectorWidth = options.Width };

    public void Train(CancellationToken interrupted)
    {
        Console.WriteLine($"Sentences of amazon.com, imdb.com and yelp.com: {_data.Train.Count:N0} to learn from, "
            + $"{_data.Validation.Count} to choose the best epoch by, {_data.Test.Count} to test on; {_data.Vocabulary.Count:N0} words "
            + "that come twice.");
        var table = new List<string>();
        foreach (Reader reader in options.Readers)
        {
            long start = Stopwatch.GetTimestamp();
            INetwork net = reader.Create(options.Seed);
            FitResult result = Fit(reader, net, interrupted);

            // The epoch is chosen by other sentences than those of the test, which is taken once.
            net.LoadParameters(reader.PathFor(options.Save));
            _learned.Add((reader, net));
            var confusion = new ConfusionMatrix(2);
            using ISession session = net.CreateSession(TestBatch, ForSessions);
            session.Evaluate(_data.Test.Batches(TestBatch, reader.IsPadded), confusion);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Console.WriteLine($"Test accuracy {confusion.Value:F4}, by the parameters after epoch {result.BestEpoch}. What the sentences "
                + $"are (rows) and are taken for:\n{confusion.ToTable(["0 negative", "1 positive"])}");
            int parameters = net.Parameters.Sum(parameter => parameter.Length);
            table.Add($"{reader.Title,-20} {parameters,10:N0} {confusion.Value,9:F4} {seconds,8:F1} s");
        }

        Console.WriteLine($"{"",-20} parameters  accuracy      time");
        table.ForEach(Console.WriteLine);
        Console.WriteLine($"Logs: tensorboard --logdir {options.Logs}");
    }

    /// <summary>Takes what an earlier training has learned.</summary>
    public void Load()
    {
        foreach (Reader reader in options.Readers)
        {
            INetwork net = reader.Create(options.Seed);
            net.LoadParameters(reader.PathFor(options.Save));
            _learned.Add((reader, net));
        }
    }

    /// <summary>Says what the models think of the sentences of the command line.</summary>
    public void JudgeAll()
    {
        foreach (string text in options.Say)
        {
            if (text != "-")
            {
                Judge(text);
                continue;
            }

            Console.WriteLine("A sentence a line; an empty one ends.");
            while (Console.ReadLine() is { Length: > 0 } line)
            {
                Judge(line);
            }
        }
    }

    private FitResult Fit(Reader reader, INetwork net, CancellationToken interrupted)
    {
        using ITrainer trainer = net.CreateTrainer(options.Batch, new Adam(options.LearningRate),
            new TrainerOptions { Threads = options.Threads, VectorWidth = options.Width, Seed = options.Seed });
        using var log = new TensorBoardCallback(Path.Combine(options.Logs, reader.Name));
        Console.WriteLine($"\n{reader.Title}");
        IBatchSource source = _data.Train.Batches(options.Batch, reader.IsPadded, options.Seed);
        return trainer.Fit(source, new FitOptions
        {
            Epochs = options.Epochs,
            Validation = _data.Validation.Batches(TestBatch, reader.IsPadded),
            Metrics = [new Accuracy(), new CrossEntropy()],
            BestPath = reader.PathFor(options.Save),
            CheckpointPath = reader.PathFor(options.Checkpoint),
            Resume = options.Resume,
            Callbacks = [log],
            Display = FitDisplay.Always,
        }, interrupted);
    }

    private void Judge(string text)
    {
        int[] tokens = Sentences.Encode(_data.Vocabulary, text);
        int unknown = tokens.Count(token => token == Vocabulary.Unknown);
        Console.WriteLine($"\n\"{text}\"{(unknown > 0 ? $"   ({unknown} of {tokens.Length} words unknown)" : "")}");
        foreach ((Reader reader, INetwork net) in _learned)
        {
            using ISession session = net.CreateSession(1, ForSessions);
            double positive = reader.Judge(session, tokens);
            int opinion = positive > 0.5 ? 1 : 0;
            Console.WriteLine($"  {reader.Title,-20} {Opinions[opinion]}, {(opinion == 1 ? positive : 1 - positive):P1}");
        }
    }
}
