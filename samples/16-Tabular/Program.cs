using System.Diagnostics;
using System.Globalization;
using NetGen;
using NetGen.Data;
using NetGen.Samples;

if (!TabularOptions.TryRead(args, out TabularOptions? options, out int exitCode))
    return exitCode;

return ConsoleProgram.Run(interrupted =>
{
    var lesson = new TabularLesson(options);
    if (!options.Load)
    {
        lesson.Train(interrupted);
    }

    if (options.Row is { } row)
    {
        lesson.Judge(row);
    }
}, "Interrupted; nothing was kept.");

/// <summary>Trains the network, and the trees beside it, and judges states of the grid.</summary>
internal sealed class TabularLesson(TabularOptions options)
{
    private const int EvaluationBatch = 500;

    public void Train(CancellationToken interrupted)
    {
        Table table = GridData.Read();
        List<double> network = [], trees = [];
        for (int run = 0; run < options.Runs; run++)
        {
            ulong seed = options.Seed + (ulong)run;
            GridData data = GridData.Split(table, seed);
            Console.WriteLine($"Seed {seed}: {data.Train.Count:N0} rows to learn from, {data.Validation.Count:N0} to choose by, "
                + $"{data.Test.Count:N0} to test on.");
            network.Add(TrainNetwork(data, seed, interrupted));
            if (options.Peer)
            {
                trees.Add(TrainTrees(data, seed, interrupted));
            }
        }

        if (options.Runs > 1)
        {
            Console.WriteLine($"\nTest R² over {options.Runs} seeds\n  network   {Summary(network)}");
            if (options.Peer)
            {
                Console.WriteLine($"  FastTree  {Summary(trees)}");
            }
        }
    }

    /// <summary>Says how stable a state of the grid is, by what was learned.</summary>
    public void Judge(string row)
    {
        var cells = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string cell in row.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = cell.Split('=', 2, StringSplitOptions.TrimEntries);
            cells[parts[0]] = parts.Length == 2 ? parts[1] : "";
        }

        StabilityNet net = StabilityNet.Load(options.Save);
        TableEncoder encoder = TableEncoder.Load(options.Save);
        float[] features = new float[encoder.FeatureNames.Count], output = new float[1];
        encoder.Encode(cells, features);
        using var session = net.CreateSession(maxBatch: 1);
        session.Forward(features, output);
        double stability = encoder.DecodeTarget(output[0]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"stab {stability:F4}: {(stability > 0 ? "unstable" : "stable")}"));
    }

    private static string Summary(List<double> values)
    {
        double mean = values.Average(), deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
        string all = string.Join(", ", values.Select(value => value.ToString("F4", CultureInfo.InvariantCulture)));
        return string.Create(CultureInfo.InvariantCulture, $"{all}: mean {mean:F4}, deviation {deviation:F4}");
    }

    private double TrainNetwork(GridData data, ulong seed, CancellationToken interrupted)
    {
        long start = Stopwatch.GetTimestamp();
        var net = new StabilityNet(seed);
        var optimizer = new AdamW(options.LearningRate);
        IBatchSource source = data.Train.Batches(options.Batch, seed);
        int steps = options.Epochs * ((data.Train.Count + options.Batch - 1) / options.Batch);
        using var trainer = net.CreateTrainer(options.Batch, optimizer,
            new TrainerOptions { Threads = options.Threads, VectorWidth = options.Width, Seed = seed });
        FitResult result = trainer.Fit(source, new FitOptions
        {
            Epochs = options.Epochs,
            Validation = data.Validation.Batches(EvaluationBatch),
            Metrics = [new R2Score()],
            BestPath = options.Save,
            BestInfo = data.Encoder.ToModelInfo(),
            Scheduler = new LearningRateScheduler(optimizer, new OneCycleLR(options.LearningRate, steps)),
            ScheduleByBatch = true,
            Display = FitDisplay.Always,
        }, interrupted);

        // The epoch is chosen by other rows than those of the test, which is taken once.
        StabilityNet best = StabilityNet.Load(options.Save);
        double r2 = Score(best, data.Test);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Network: validation R² {Score(best, data.Validation):F4} after epoch {result.BestEpoch}, test R² {r2:F4}, "
            + $"{Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s. {options.Save}"));
        return r2;
    }

    private double TrainTrees(GridData data, ulong seed, CancellationToken interrupted)
    {
        long start = Stopwatch.GetTimestamp();
        (double r2, string settings) = ForestPeer.Run(data, seed, options.Threads, interrupted);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"FastTree, {settings}: test R² {r2:F4}, {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s"));
        return r2;
    }

    private double Score(StabilityNet net, TableSamples samples)
    {
        var predictions = new float[samples.Count];
        using var session = net.CreateSession(samples.Count, new SessionOptions { Threads = options.Threads, VectorWidth = options.Width });
        session.Forward(samples.Features, predictions);
        return GridData.R2(samples, predictions);
    }
}
