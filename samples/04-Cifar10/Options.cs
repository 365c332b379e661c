using System.Diagnostics.CodeAnalysis;
using System.Globalization;

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
    public static bool TryParse(string[] args, out Options options, [NotNullWhen(false)] out string? complaint)
    {
        options = new Options();
        complaint = null;
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] is "--help" or "-h")
            {
                options = options with { Help = true };
                continue;
            }

            string name = args[i];
            string? value = i + 1 < args.Length ? args[++i] : null;
            if (options.With(name, value) is not { } changed)
            {
                complaint = value is null ? $"{name}: a value is missing" : $"{name} {value}: not understood";
                complaint += $"\n\n{Usage}";
                return false;
            }

            options = changed;
        }

        return true;
    }

    /// <summary>These options with one more argument, or null if it is unknown or its value is out of range.</summary>
    private Options? With(string name, string? value) => (name, value) switch
    {
        (_, null or "") => null,
        ("--data", _) => this with { Data = value },
        ("--save", _) => this with { Save = value },
        ("--logs", _) => this with { Logs = value },
        ("--picture", _) => this with { Picture = value },
        ("--epochs", _) when Whole(value) is int n and > 0 => this with { Epochs = n },
        ("--batch", _) when Whole(value) is int n and > 0 => this with { Batch = n },
        ("--threads", _) when Whole(value) is int n and <= 1024 => this with { Threads = n },
        ("--workers", _) when Whole(value) is int n and <= 1024 => this with { Workers = n },
        ("--width", "128" or "256" or "512") => this with { Width = (VectorWidth)Whole(value)!.Value },
        ("--seed", _) when ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong n) => this with { Seed = n },
        ("--lr", _) when float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out float x) && x is > 0 and < float.PositiveInfinity
            => this with { LearningRate = x },
        _ => null,
    };

    /// <summary>A whole number of zero or more, or null.</summary>
    private static int? Whole(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : null;
}
