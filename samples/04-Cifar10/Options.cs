using System.Diagnostics.CodeAnalysis;

namespace NetGen.Samples;

/// <summary>What the command line says.</summary>
internal sealed record Options
{
    private static readonly CommandLine<Options> s_commandLine = new CommandLine<Options>(
        "Trains the sequential network of the CIFAR-10 tutorials, fed by a data loader that crops and flips at random.")
        .Value("--data", "DIR", "folder of CIFAR-10's binary files, data_batch_1.bin to data_batch_5.bin and test_batch.bin "
            + "(a synthetic set is drawn)", ValueKind.Text, static (known, value) => known with { Data = value })
        .Value("--epochs", "N", "passes over the training images (5)", ValueKind.Count,
            static (known, value) => known with { Epochs = value })
        .Value("--batch", "N", "samples per step (64)", ValueKind.Count, static (known, value) => known with { Batch = value })
        .Value("--lr", "X", "learning rate of Adam (0.001)", ValueKind.Rate, static (known, value) => known with { LearningRate = value })
        .Value("--seed", "N", "seed of initialisation, shuffling and augmentation (1)", ValueKind.Seed,
            static (known, value) => known with { Seed = value })
        .Value("--threads", "N", "threads of the trainer; 0 takes all cores (0)", ValueKind.Threads,
            static (known, value) => known with { Threads = value })
        .Value("--workers", "N", "threads of the data loader; with 0 the trainer's does its work (1)", ValueKind.Threads,
            static (known, value) => known with { Workers = value })
        .Value("--width", "N", "bits of the vectors: 128, 256 or 512 (the widest this processor has)", ValueKind.Width,
            static (known, value) => known with { Width = value })
        .Value("--save", "FILE", "write the trained parameters, as safetensors", ValueKind.Text,
            static (known, value) => known with { Save = value })
        .Value("--picture", "FILE", "where the picture of test images with their predictions goes (predictions.png)", ValueKind.Text,
            static (known, value) => known with { Picture = value })
        .Value("--logs", "DIR", "where TensorBoard's event file goes (logs)", ValueKind.Text,
            static (known, value) => known with { Logs = value });

    public string? Data { get; private init; }
    public int Epochs { get; private init; } = 5;
    public int Batch { get; private init; } = 64;
    public float LearningRate { get; private init; } = 1e-3f;
    public ulong Seed { get; private init; } = 1;
    public int Threads { get; private init; }
    public int Workers { get; private init; } = 1;
    public VectorWidth Width { get; private init; } = VectorWidth.Auto;
    public string? Save { get; private init; }
    public string Picture { get; private init; } = "predictions.png";
    public string Logs { get; private init; } = "logs";

    public SessionOptions ForSession() => new() { Threads = Threads, VectorWidth = Width };

    public TrainerOptions ForTrainer() => new() { Threads = Threads, VectorWidth = Width, Seed = Seed };

    /// <summary>Reads the arguments; otherwise the program ends with <paramref name="exitCode"/>.</summary>
    public static bool TryRead(string[] args, [NotNullWhen(true)] out Options? options, out int exitCode)
        => s_commandLine.TryRead(args, new Options(), out options, out exitCode);
}
