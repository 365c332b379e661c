using System.Diagnostics.CodeAnalysis;

namespace NetGen.Samples;

/// <summary>What the command line says.</summary>
internal sealed record SentimentOptions
{
    private static readonly string[] s_models = [.. Reader.All.Select(reader => reader.Name), "all"];

    private static readonly CommandLine<SentimentOptions> s_commandLine = new CommandLine<SentimentOptions>(
        "Learns from 2,097 sentences of reviews which of them are positive, and tells it of 588 others: by which words they have, by "
            + "convolutions, by an LSTM and by a Transformer's encoder.")
        .Value("--model", "NAME", $"one of {string.Join(", ", s_models)} (all)", ValueKind.OneOf(s_models),
            static (known, value) => known with { Model = value })
        .Values("--say", "TEXT", "a sentence of yours, to be judged; may be given several times, and - reads lines from the terminal",
            static (known, values) => known with { Say = values })
        .Flag("--load", "judges by what an earlier training has learned, and trains nothing", static known => known with { Load = true })
        .Value("--epochs", "N", "passes over the sentences, those before a checkpoint included (50)", ValueKind.Count,
            static (known, value) => known with { Epochs = value })
        .Value("--batch", "N", "sentences per step (32)", ValueKind.Whole(1, 1024), static (known, value) => known with { Batch = value })
        .Value("--lr", "X", "learning rate of Adam (0.001)", ValueKind.Rate, static (known, value) => known with { LearningRate = value })
        .Value("--seed", "N", "seed of initialisation, order and dropout (1)", ValueKind.Seed,
            static (known, value) => known with { Seed = value })
        .Value("--threads", "N", "threads; 0 takes all cores (0)", ValueKind.Threads,
            static (known, value) => known with { Threads = value })
        .Value("--width", "N", "bits of the vectors: 128, 256 or 512 (the widest this processor has)", ValueKind.Width,
            static (known, value) => known with { Width = value })
        .Flag("--resume", "go on from the checkpoints, if there are any; Ctrl+C leaves one", static known => known with { Resume = true })
        .Value("--checkpoint", "FILE", "where the checkpoints are, with the model's name added (sentiment.checkpoint.safetensors)",
            ValueKind.Text, static (known, value) => known with { Checkpoint = value })
        .Value("--save", "FILE", "where the best parameters go, with the model's name added (sentiment.safetensors)", ValueKind.Text,
            static (known, value) => known with { Save = value })
        .Value("--logs", "DIR", "where the logs for TensorBoard go (runs/sentiment)", ValueKind.Text,
            static (known, value) => known with { Logs = value });

    public string Model { get; private init; } = "all";
    public int Epochs { get; private init; } = 50;
    public int Batch { get; private init; } = 32;
    public float LearningRate { get; private init; } = 1e-3f;
    public ulong Seed { get; private init; } = 1;
    public int Threads { get; private init; }
    public VectorWidth Width { get; private init; } = VectorWidth.Auto;
    public bool Resume { get; private init; }
    public bool Load { get; private init; }
    public string Checkpoint { get; private init; } = "sentiment.checkpoint.safetensors";
    public string Save { get; private init; } = "sentiment.safetensors";
    public string Logs { get; private init; } = "runs/sentiment";
    public IReadOnlyList<string> Say { get; private init; } = [];

    /// <summary>The models that are asked for.</summary>
    public IEnumerable<Reader> Readers => Reader.All.Where(reader => Model == "all" || reader.Name == Model);

    /// <summary>Reads the arguments; otherwise the program ends with <paramref name="exitCode"/>.</summary>
    public static bool TryRead(string[] args, [NotNullWhen(true)] out SentimentOptions? options, out int exitCode)
        => s_commandLine.TryRead(args, new SentimentOptions(), out options, out exitCode);
}
