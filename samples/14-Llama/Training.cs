using System.Diagnostics;
using System.Globalization;
using NetGen.TensorBoard;

namespace NetGen.Samples.Language;

/// <summary>Trains the network on windows of the text, and says how well it does on the part that it does not see.</summary>
internal sealed class Training : IDisposable
{
    private const int ValidationBatch = 8, LogEvery = 10, Reports = 20, Validations = 5, WarmUp = 100;

    private readonly Options _options;
    private readonly Corpus _corpus;
    private readonly AdamW _optimizer;
    private readonly Llama.Trainer _trainer;
    private readonly Llama.Session _session;
    private readonly LearningRateSchedule _rates;

    public Training(Options options, Corpus corpus, Llama net)
    {
        (_options, _corpus) = (options, corpus);
        _optimizer = new AdamW(options.LearningRate, beta2: 0.95f, weightDecay: 0.1f);
        _trainer = net.CreateTrainer(options.Batch, _optimizer,
            new TrainerOptions { Device = options.Device, Threads = options.Threads, Seed = options.Seed, ClipGradientNorm = 1 });
        _session = net.CreateSession(ValidationBatch, new SessionOptions { Device = options.Device, Threads = options.Threads });
        // A tenth of the steps at most goes into the warm-up; the last step has a tenth of the largest rate.
        long warmUp = Math.Clamp(options.Steps / 10, 1, WarmUp);
        _rates = new SequentialLR(
            [new LinearLR(0.01, 1, warmUp), new CosineAnnealingLR(Math.Max(1, options.Steps - warmUp), options.LearningRate / 10)],
            [warmUp]);
    }

    /// <summary>Takes the steps that are left.</summary>
    /// <exception cref="OperationCanceledException">It was interrupted; the checkpoint is written.</exception>
    public void Run(CancellationToken interrupted)
    {
        string schedule = _options.Device.IsCuda ? _trainer.Schedule
            : $"{(int)_trainer.VectorWidth}-bit vectors, {Threads(_trainer.Threads)}";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Llama.Layers} layers of width {Llama.Width}, {Llama.Heads} heads over {Llama.KeyValueHeads}, {Llama.Vocabulary} tokens: "
            + $"{Llama.ParameterCount:N0} parameters. Trains with {schedule}.\n"));
        int done = _options.Resume ? LoadCheckpoint() : 0;
        if (done > 0)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Goes on after step {done}."));

        using var log = new SummaryWriter(_options.Logs, done > 0 ? done + 1 : null);
        int[] tokens = new int[_options.Batch * Llama.Length], next = new int[tokens.Length];
        double sum = 0;
        int steps = 0;
        long start = Stopwatch.GetTimestamp();
        for (int step = done + 1; step <= _options.Steps; step++)
        {
            if (interrupted.IsCancellationRequested)
            {
                SaveCheckpoint(step - 1);
                throw new OperationCanceledException(interrupted);
            }
            var random = new Noise(_options.Seed, 0, step);
            _corpus.Draw(ref random, tokens, next);
            _optimizer.LearningRate = (float)_rates.RateAt(step - 1, _options.LearningRate);
            double loss = _trainer.Step(tokens, next);
            sum += loss;
            steps++;
            if (step % LogEvery == 0)
            {
                log.AddScalar("loss", loss, step);
                log.AddScalar("learning rate", _optimizer.LearningRate, step);
            }
            if (IsDue(step, Reports))
            {
                double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Step {step}/{_options.Steps}   loss {sum / steps:F4}   "
                    + $"perplexity {Math.Exp(sum / steps):F1}   {(long)steps * tokens.Length / seconds:N0} tokens/s"));
                log.AddScalar("tokens per second", (long)steps * tokens.Length / seconds, step);
                (sum, steps, start) = (0, 0, Stopwatch.GetTimestamp());
            }
            if (IsDue(step, Validations))
            {
                double validation = Validate(log, step);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Step {step}/{_options.Steps}   "
                    + $"validation loss {validation:F4}   perplexity {Math.Exp(validation):F1}   "
                    + $"{validation * _corpus.ValidationTokens / _corpus.ValidationCharacters / Math.Log(2):F3} bits a character"));
                SaveCheckpoint(step);
                start = Stopwatch.GetTimestamp();
            }
        }
        Console.WriteLine($"Logs: tensorboard --logdir {_options.Logs}");
    }

    public void Dispose()
    {
        _trainer.Dispose();
        _session.Dispose();
    }

    private static string Threads(int count) => count == 1 ? "1 thread" : string.Create(CultureInfo.InvariantCulture, $"{count} threads");

    /// <summary>Whether the step is the last of one of so many parts of the training.</summary>
    private bool IsDue(int step, int parts)
        => (long)step * parts / _options.Steps > (long)(step - 1) * parts / _options.Steps;

    /// <summary>The mean of the cross-entropy over all windows of the text that is not learned from.</summary>
    private double Validate(SummaryWriter log, int step)
    {
        int[] tokens = new int[ValidationBatch * Llama.Length], next = new int[tokens.Length];
        var logits = new float[ValidationBatch * Llama.OutputSize];
        double sum = 0;
        int windows = _corpus.ValidationWindows;
        for (int first = 0; first < windows; first += ValidationBatch)
        {
            int count = Math.Min(ValidationBatch, windows - first), length = count * Llama.Length;
            _corpus.Take(first, tokens.AsSpan(0, length), next.AsSpan(0, length));
            _session.Forward(tokens.AsSpan(0, length), logits.AsSpan(0, count * Llama.OutputSize));
            for (int i = 0; i < length; i++)
                sum += CrossEntropy(logits.AsSpan(i * Llama.Vocabulary, Llama.Vocabulary), next[i]);
        }
        double loss = sum / ((long)windows * Llama.Length);
        log.AddScalar("validation loss", loss, step);
        log.Flush();
        return loss;
    }

    private static double CrossEntropy(ReadOnlySpan<float> logits, int token)
    {
        float largest = float.NegativeInfinity;
        foreach (float logit in logits)
            largest = Math.Max(largest, logit);
        double sum = 0;
        foreach (float logit in logits)
            sum += MathF.Exp(logit - largest);
        return Math.Log(sum) + largest - logits[token];
    }

    private void SaveCheckpoint(int step) => _trainer.SaveCheckpoint(_options.Checkpoint, new Dictionary<string, string>
    {
        ["step"] = step.ToString(CultureInfo.InvariantCulture),
        ["windows"] = Windows,
    });

    /// <summary>What the windows of a step follow from, besides its number.</summary>
    private string Windows => string.Create(CultureInfo.InvariantCulture,
        $"{_options.Batch} of {Llama.Length} tokens from {_corpus.TrainingTokens}, seed {_options.Seed}");

    private int LoadCheckpoint()
    {
        string path = _options.Checkpoint;
        if (!File.Exists(path))
            return 0;
        IReadOnlyDictionary<string, string> notes = _trainer.LoadCheckpoint(path);
        if (!notes.TryGetValue("windows", out string? windows) || windows != Windows
            || !notes.TryGetValue("step", out string? step)
            || !int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out int done))
        {
            throw new InvalidDataException($"{path} is no checkpoint that fits this training: its windows are "
                + $"{notes.GetValueOrDefault("windows", "unknown")}, those here {Windows}.");
        }
        return done;
    }
}
