using System.Diagnostics.CodeAnalysis;

namespace NetGen.Samples;

/// <summary>What the command line says.</summary>
internal sealed record SentimentOptions
{
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
    public bool Help { get; private init; }

    /// <summary>The options in words, with what they are by default.</summary>
    public static string Usage { get; } = $"""
        Learns from 2,097 sentences of reviews which of them are positive, and tells it of 588 others: by which words they have, by
        convolutions, by an LSTM and by a Transformer's encoder.

          --model NAME       {string.Join(", ", Reader.All.Select(reader => reader.Name))} or all (all)
          --say "TEXT"       a sentence of yours, to be judged; may be given several times, and - reads lines from the terminal
          --load             judges by what an earlier training has learned, and trains nothing
          --epochs N         passes over the sentences, those before a checkpoint included (50)
          --batch N          sentences per step (32)
          --lr X             learning rate of Adam (0.001)
          --seed N           seed of initialisation, order and dropout (1)
          --threads N        threads; 0 takes all cores (0)
          --width N          bits of the vectors: 128, 256 or 512 (the widest this processor has)
          --resume           go on from the checkpoints, if there are any; Ctrl+C leaves one
          --checkpoint FILE  where the checkpoints are, with the model's name added (sentiment.checkpoint.safetensors)
          --save FILE        where the best parameters go, with the model's name added (sentiment.safetensors)
          --logs DIR         where the logs for TensorBoard go (runs/sentiment)
        """;

    /// <summary>The models that are asked for.</summary>
    public IEnumerable<Reader> Readers => Reader.All.Where(reader => Model == "all" || reader.Name == Model);

    /// <summary>Reads the arguments; on failure <paramref name="complaint"/> names the argument and what was expected.</summary>
    public static bool TryParse(string[] args, out SentimentOptions options, [NotNullWhen(false)] out string? complaint)
        => Arguments.TryRead(args, new SentimentOptions(), Usage, static (known, name) => known.Flag(name),
            static (known, name, value) => known.With(name, value), out options, out complaint);

    private SentimentOptions? Flag(string name) => name switch
    {
        "--help" or "-h" => this with { Help = true },
        "--resume" => this with { Resume = true },
        "--load" => this with { Load = true },
        _ => null,
    };

    /// <summary>These options with one more argument, or null if it is unknown or its value is out of range.</summary>
    private SentimentOptions? With(string name, string value) => (name, value) switch
    {
        ("--model", _) when value == "all" || Reader.All.Any(reader => reader.Name == value) => this with { Model = value },
        ("--say", _) => this with { Say = [.. Say, value] },
        ("--save", _) => this with { Save = value },
        ("--checkpoint", _) => this with { Checkpoint = value },
        ("--logs", _) => this with { Logs = value },
        ("--epochs", _) when Arguments.Whole(value) is int n and > 0 => this with { Epochs = n },
        ("--batch", _) when Arguments.Whole(value) is int n and > 0 and <= 1024 => this with { Batch = n },
        ("--threads", _) when Arguments.Whole(value) is int n and <= 1024 => this with { Threads = n },
        ("--width", "128" or "256" or "512") => this with { Width = (VectorWidth)Arguments.Whole(value)!.Value },
        ("--seed", _) when Arguments.Seed(value) is ulong n => this with { Seed = n },
        ("--lr", _) when Arguments.Rate(value) is float x => this with { LearningRate = x },
        _ => null,
    };
}
