using System.Diagnostics.CodeAnalysis;

namespace NetGen.Samples;

/// <summary>What the command line says.</summary>
internal sealed record Options
{
    public const string Usage = """
        Trains the sequential network of the CIFAR-10 tutorials, fed by a data loader that crops and flips at random.

          --data DIR       folder of CIFAR-10's binary files (data_batch_1.bin to data_batch_5.bin, test_batch.bin);
                           without it a synthetic set is drawn
          --epochs N       passes over the training images (5)
          --batch N        samples per step (64)
          --lr X           learning rate of Adam (0.001)
          --seed N         seed of initialisation, shuffling and augmentation (1)
          --threads N      threads of the trainer; 0 takes all cores (0)
          --workers N      threads of the data loader; with 0 the trainer's does its work (1)
          --width N        bits of the vectors: 128, 256 or 512 (the widest this processor has)
          --save FILE      write the trained parameters, as safetensors
          --picture FILE   where the picture of test images with their predictions goes (predictions.png)
          --logs DIR       where TensorBoard's event file goes (logs)
        """;

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
    public bool Help { get; private init; }

    public SessionOptions ForSession() => new() { Threads = Threads, VectorWidth = Width };

    public TrainerOptions ForTrainer() => new() { Threads = Threads, VectorWidth = Width, Seed = Seed };

    /// <summary>Reads the arguments; on failure <paramref name="complaint"/> names the argument and what was expected.</summary>
    public static bool TryParse(string[] args, out Options options, [NotNullWhen(false)] out string? complaint) =>
        Arguments.TryRead(args, new Options(), Usage, static (known, name) => known.Flag(name),
            static (known, name, value) => known.With(name, value), out options, out complaint);

    private Options? Flag(string name) => name is "--help" or "-h" ? this with { Help = true } : null;

    /// <summary>These options with one more argument, or null if it is unknown or its value is out of range.</summary>
    private Options? With(string name, string value) => (name, value) switch
    {
        ("--data", _) => this with { Data = value },
        ("--save", _) => this with { Save = value },
        ("--logs", _) => this with { Logs = value },
        ("--picture", _) => this with { Picture = value },
        ("--epochs", _) when Arguments.Whole(value) is int n and > 0 => this with { Epochs = n },
        ("--batch", _) when Arguments.Whole(value) is int n and > 0 => this with { Batch = n },
        ("--threads", _) when Arguments.Whole(value) is int n and <= 1024 => this with { Threads = n },
        ("--workers", _) when Arguments.Whole(value) is int n and <= 1024 => this with { Workers = n },
        ("--width", "128" or "256" or "512") => this with { Width = (VectorWidth)Arguments.Whole(value)!.Value },
        ("--seed", _) when Arguments.Seed(value) is ulong n => this with { Seed = n },
        ("--lr", _) when Arguments.Rate(value) is float x => this with { LearningRate = x },
        _ => null,
    };
}
