using System.Globalization;
using NetGen.TensorBoard;

namespace NetGen.Samples.Language;

/// <summary>
/// Learns which sentences of reviews are positive, once from the parameters that have learned to write and once from random ones, to see
/// what the writing was good for.
/// </summary>
internal static class Classifying
{
    private const int BatchSize = 32, TestBatch = 64;

    private const float LearningRate = 5e-4f;

    public static void Run(Llama writer, Tokens tokens, Options options, CancellationToken interrupted)
    {
        var (train, validation, test) = LabelledSentence.Split();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nSentences of amazon.com, imdb.com and yelp.com: "
            + $"{train.Count:N0} to learn from, {validation.Count} to choose the best epoch by, {test.Count} to test on"));
        var table = new List<string>();
        foreach (string start in new[] { "trained", "random" })
        {
            Console.WriteLine($"\nFrom {start} layers");
            var net = new LlamaClassifier(options.Seed);
            if (start == "trained")
                Copy(writer, net);
            string best = Path.ChangeExtension(options.Checkpoint, $".classifier.{start}{Path.GetExtension(options.Checkpoint)}");
            using LlamaClassifier.Trainer trainer = net.CreateTrainer(BatchSize, new AdamW(LearningRate, weightDecay: 0.1f),
                new TrainerOptions { Device = options.Device, Threads = options.Threads, Seed = options.Seed, ClipGradientNorm = 1 });
            using var log = new TensorBoardCallback(Path.Combine(options.Logs, $"classifier-{start}"));
            FitResult result = trainer.Fit(Batches(train, BatchSize, options.Seed), new FitOptions
            {
                Epochs = options.ClassifierEpochs,
                Validation = Batches(validation, TestBatch, null),
                Metrics = [new Accuracy(), new CrossEntropy()],
                BestPath = best,
                Callbacks = [log],
                Display = FitDisplay.Always,
            }, interrupted);

            // The epoch is chosen by other sentences than those of the test, which is taken once.
            net.LoadParameters(best);
            var accuracy = new Accuracy();
            using LlamaClassifier.Session session = net.CreateSession(
                TestBatch, new SessionOptions { Device = options.Device, Threads = options.Threads });
            session.Evaluate(Batches(test, TestBatch, null), accuracy);
            table.Add(string.Create(CultureInfo.InvariantCulture,
                $"Test accuracy from {start} layers {accuracy.Value:F4}, by the parameters after epoch {result.BestEpoch}"));
        }
        Console.WriteLine();
        table.ForEach(Console.WriteLine);

        IBatchSource Batches(IReadOnlyList<LabelledSentence> sentences, int size, ulong? seed) => new SequenceBatches(
            sentences.Select(sentence => tokens.Encode(sentence.Text).Take(Llama.Length).ToArray()).ToArray(),
            sentences.Select(sentence => sentence.Label).ToArray(), size, seed, lengthPool: seed is null ? 0 : 8 * size);
    }

    /// <summary>What has a name in both networks: all but the heads.</summary>
    private static void Copy(Llama from, LlamaClassifier to)
    {
        Dictionary<string, Parameter> trained = from.Parameters.ToDictionary(parameter => parameter.Name);
        foreach (Parameter parameter in to.Parameters)
        {
            if (trained.TryGetValue(parameter.Name, out Parameter? source))
                parameter.CopyFrom(source.ToArray());
        }
    }
}
