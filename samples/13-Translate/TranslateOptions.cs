using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NetGen.Samples;

/// <summary>What the command line says.</summary>
internal sealed record TranslateOptions
{
    private static readonly CommandLine<TranslateOptions> s_commandLine = new CommandLine<TranslateOptions>(
        "Learns to write dates, in words and in many forms, as 1987-03-14: an encoder reads the characters, and a decoder looks at what "
            + "it made of them before each that it writes.")
        .Values("--say", "TEXT", "a date of yours, to be translated; may be given several times",
            static (known, values) => known with { Say = values },
            static text => WrittenDate.Encode(text, out string why) is null ? why : null)
        .Flag("--load", "translates by what an earlier training has learned, and trains nothing",
            static known => known with { Load = true })
        .Value("--dates", "N", string.Create(CultureInfo.InvariantCulture,
                $"dates to learn from, each written in one form ({DateSets.MostToLearnFrom:N0})"),
            ValueKind.Whole(1, DateSets.MostToLearnFrom), static (known, value) => known with { Dates = value })
        .Value("--epochs", "N", "passes over the dates, those before a checkpoint included (6)", ValueKind.Count,
            static (known, value) => known with { Epochs = value })
        .Value("--batch", "N", "dates per step (64)", ValueKind.Whole(1, 1024), static (known, value) => known with { Batch = value })
        .Value("--lr", "X", "learning rate of Adam in the first epoch (0.003)", ValueKind.Rate,
            static (known, value) => known with { LearningRate = value })
        .Value("--seed", "N", "seed of initialisation and order (1)", ValueKind.Seed, static (known, value) => known with { Seed = value })
        .Value("--threads", "N", "threads; 0 takes all cores (0)", ValueKind.Threads,
            static (known, value) => known with { Threads = value })
        .Value("--width", "N", "bits of the vectors: 128, 256 or 512 (the widest this processor has)", ValueKind.Width,
            static (known, value) => known with { Width = value })
        .Flag("--resume", "go on from the checkpoint, if there is one; Ctrl+C leaves one", static known => known with { Resume = true })
        .Value("--checkpoint", "FILE", "where the checkpoint is (translate.checkpoint.safetensors)", ValueKind.Text,
            static (known, value) => known with { Checkpoint = value })
        .Value("--save", "FILE", "where the best parameters go (translate.safetensors)", ValueKind.Text,
            static (known, value) => known with { Save = value })
        .Value("--logs", "DIR", "where the logs for TensorBoard go (runs/translate)", ValueKind.Text,
            static (known, value) => known with { Logs = value })
        .Value("--picture", "FILE", "where the picture of the attention goes (attention.png)", ValueKind.Text,
            static (known, value) => known with { Picture = value });

    public int Dates { get; private init; } = DateSets.MostToLearnFrom;
    public int Epochs { get; private init; } = 6;
    public int Batch { get; private init; } = 64;
    public float LearningRate { get; private init; } = 3e-3f;
    public ulong Seed { get; private init; } = 1;
    public int Threads { get; private init; }
    public VectorWidth Width { get; private init; } = VectorWidth.Auto;
    public bool Resume { get; private init; }
    public bool Load { get; private init; }
    public string Checkpoint { get; private init; } = "translate.checkpoint.safetensors";
    public string Save { get; private init; } = "translate.safetensors";
    public string Logs { get; private init; } = "runs/translate";
    public string Picture { get; private init; } = "attention.png";
    public IReadOnlyList<string> Say { get; private init; } = [];

    /// <summary>Reads the arguments; otherwise the program ends with <paramref name="exitCode"/>.</summary>
    public static bool TryRead(string[] args, [NotNullWhen(true)] out TranslateOptions? options, out int exitCode)
        => s_commandLine.TryRead(args, new TranslateOptions(), out options, out exitCode);
}
