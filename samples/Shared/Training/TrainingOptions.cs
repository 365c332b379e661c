using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NetGen.Samples;

/// <summary>What the command line of a sample that trains says.</summary>
internal sealed record TrainingOptions
{
    public string? Data { get; private init; }
    public int? Epochs { get; private init; }

    /// <summary>Epochs on a full data set, where the command line does not say how many.</summary>
    public required int FullEpochs { get; init; }

    /// <summary>Images that a training must see, those that come again counted again: of a small set more epochs are needed.</summary>
    public int LeastImages { get; init; }

    public required int Batch { get; init; }
    public required float LearningRate { get; init; }
    public ulong Seed { get; private init; } = 1;
    public int Threads { get; private init; }
    public VectorWidth Width { get; private init; } = VectorWidth.Auto;
    public string? Save { get; private init; }
    public bool Resume { get; private init; }
    public required string Checkpoint { get; init; }
    public required string Logs { get; init; }
    public required string Picture { get; init; }

    /// <summary>What is added to the number of epochs where there are few images.</summary>
    private string MoreEpochs
        => LeastImages > 0 ? string.Create(CultureInfo.InvariantCulture, $", or as many as make {LeastImages:N0} images") : "";

    /// <summary>Epochs on so many training images.</summary>
    public int EpochsOf(int images) => Epochs ?? Math.Max(FullEpochs, (LeastImages + images - 1) / images);

    /// <summary>Reads the arguments; otherwise the program ends with <paramref name="exitCode"/>.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="purpose">What the program is for, in a sentence.</param>
    /// <param name="defaults">What holds where nothing is said.</param>
    /// <param name="options">What holds now.</param>
    /// <param name="exitCode">How the program ends if it does not go on.</param>
    public static bool TryRead(string[] args, string purpose, TrainingOptions defaults, [NotNullWhen(true)] out TrainingOptions? options,
        out int exitCode)
        => CommandLine(purpose, defaults).TryRead(args, defaults, out options, out exitCode);

    private static CommandLine<TrainingOptions> CommandLine(string purpose, TrainingOptions defaults)
    {
        string epochs = string.Create(CultureInfo.InvariantCulture, $"({defaults.FullEpochs}{defaults.MoreEpochs})");
        string rate = defaults.LearningRate.ToString(CultureInfo.InvariantCulture);
        return new CommandLine<TrainingOptions>(purpose)
            .Value("--data", "DIR", "folder of the four IDX files, plain or .gz, or the word \"embedded\" (Debian's dataset-fashion-mnist "
                + "if installed, else the embedded subset)", ValueKind.Text, static (known, value) => known with { Data = value })
            .Value("--epochs", "N", $"passes over the training images, those before a checkpoint included {epochs}", ValueKind.Count,
                static (known, value) => known with { Epochs = value })
            .Value("--batch", "N", $"samples per step ({defaults.Batch})", ValueKind.Count,
                static (known, value) => known with { Batch = value })
            .Value("--lr", "X", $"learning rate ({rate})", ValueKind.Rate, static (known, value) => known with { LearningRate = value })
            .Value("--seed", "N", $"seed of initialisation, shuffling and dropout ({defaults.Seed})", ValueKind.Seed,
                static (known, value) => known with { Seed = value })
            .Value("--threads", "N", $"threads; 0 takes all cores ({defaults.Threads})", ValueKind.Threads,
                static (known, value) => known with { Threads = value })
            .Value("--width", "N", "bits of the vectors: 128, 256 or 512 (the widest this processor has)", ValueKind.Width,
                static (known, value) => known with { Width = value })
            .Flag("--resume", "go on from the checkpoint, if there is one; Ctrl+C leaves one", static known => known with { Resume = true })
            .Value("--checkpoint", "FILE", $"where the checkpoint is ({defaults.Checkpoint})", ValueKind.Text,
                static (known, value) => known with { Checkpoint = value })
            .Value("--logs", "DIR", $"where the logs for TensorBoard go ({defaults.Logs})", ValueKind.Text,
                static (known, value) => known with { Logs = value })
            .Value("--picture", "FILE", $"where the picture goes ({defaults.Picture})", ValueKind.Text,
                static (known, value) => known with { Picture = value })
            .Value("--save", "FILE", "write the trained parameters, as safetensors", ValueKind.Text,
                static (known, value) => known with { Save = value });
    }
}
