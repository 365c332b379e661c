using System.Diagnostics.CodeAnalysis;

namespace NetGen.Samples;

/// <summary>What the command line says.</summary>
internal sealed record Options
{
    private static readonly CommandLine<Options> s_commandLine = new CommandLine<Options>(
        "Trains a convolutional network on Fashion-MNIST or MNIST, and draws what it gets wrong.")
        .Value("--data", "DIR", "folder of the four IDX files, plain or .gz, or the word \"embedded\" (Debian's dataset-fashion-mnist if "
            + "installed, else the embedded subset)", ValueKind.Text, static (known, value) => known with { Data = value })
        .Value("--epochs", "N", "passes over the training images (3)", ValueKind.Count,
            static (known, value) => known with { Epochs = value })
        .Value("--batch", "N", "samples per step (64)", ValueKind.Count, static (known, value) => known with { Batch = value })
        .Value("--lr", "X", "learning rate of Adam (0.001)", ValueKind.Rate, static (known, value) => known with { LearningRate = value })
        .Value("--seed", "N", "seed of initialisation, shuffling and dropout (1)", ValueKind.Seed,
            static (known, value) => known with { Seed = value })
        .Value("--threads", "N", "threads; 0 takes all cores (0)", ValueKind.Threads,
            static (known, value) => known with { Threads = value })
        .Value("--width", "N", "bits of the vectors: 128, 256 or 512 (the widest this processor has)", ValueKind.Width,
            static (known, value) => known with { Width = value })
        .Value("--device", "D", "what it trains and runs on: cpu, or cuda for an NVIDIA GPU (cpu)", ValueKind.Device,
            static (known, value) => known with { Device = value })
        .Value("--save", "FILE", "write the trained parameters, as safetensors", ValueKind.Text,
            static (known, value) => known with { Save = value })
        .Value("--mistakes", "FILE", "where the picture of wrongly classified test images goes (mistakes.png)", ValueKind.Text,
            static (known, value) => known with { Mistakes = value });

    public string? Data { get; private init; }
    public int Epochs { get; private init; } = 3;
    public int Batch { get; private init; } = 64;
    public float LearningRate { get; private init; } = 1e-3f;
    public ulong Seed { get; private init; } = 1;
    public int Threads { get; private init; }
    public VectorWidth Width { get; private init; } = VectorWidth.Auto;
    public Device Device { get; private init; } = Device.Cpu;
    public string? Save { get; private init; }
    public string Mistakes { get; private init; } = "mistakes.png";

    public SessionOptions ForSession() => new() { Device = Device, Threads = Threads, VectorWidth = Width };

    public TrainerOptions ForTrainer() => new() { Device = Device, Threads = Threads, VectorWidth = Width, Seed = Seed };

    /// <summary>Reads the arguments; otherwise the program ends with <paramref name="exitCode"/>.</summary>
    public static bool TryRead(string[] args, [NotNullWhen(true)] out Options? options, out int exitCode)
        => s_commandLine.TryRead(args, new Options(), out options, out exitCode);
}
