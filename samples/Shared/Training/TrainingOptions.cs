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
    public bool Help { get; private init; }

    /// <summary>What is added to the number of epochs where there are few images.</summary>
    private string MoreEpochs
        => LeastImages > 0 ? string.Create(CultureInfo.InvariantCulture, $", or as many as make {LeastImages:N0} images") : "";

    /// <summary>The options in words, with what they are by default.</summary>
    public string Usage => string.Create(CultureInfo.InvariantCulture, $"""
          --data DIR         folder of the four IDX files, plain or .gz, or the word "embedded"
                             (default: Debian's dataset-fashion-mnist if installed, else the embedded subset)
          --epochs N         passes over the training images, those before a checkpoint included
                             ({FullEpochs}{MoreEpochs})
          --batch N          samples per step ({Batch})
          --lr X             learning rate ({LearningRate})
          --seed N           seed of initialisation, shuffling and dropout ({Seed})
          --threads N        threads; 0 takes all cores ({Threads})
          --width N          bits of the vectors: 128, 256 or 512 (the widest this processor has)
          --resume           go on from the checkpoint, if there is one; Ctrl+C leaves one
          --checkpoint FILE  where the checkpoint is ({Checkpoint})
          --logs DIR         where the logs for TensorBoard go ({Logs})
          --picture FILE     where the picture goes ({Picture})
          --save FILE        write the trained parameters, as safetensors
        """);

    /// <summary>Epochs on so many training images.</summary>
    public int EpochsOf(int images) => Epochs ?? Math.Max(FullEpochs, (LeastImages + images - 1) / images);

    /// <summary>Reads the arguments; on failure <paramref name="complaint"/> names the argument and what was expected.</summary>
    public static bool TryParse(string[] args, TrainingOptions defaults, out TrainingOptions options,
        [NotNullWhen(false)] out string? complaint) =>
        Arguments.TryRead(args, defaults, defaults.Usage, static (known, name) => known.Flag(name),
            static (known, name, value) => known.With(name, value), out options, out complaint);

    private TrainingOptions? Flag(string name) => name switch
    {
        "--help" or "-h" => this with { Help = true },
        "--resume" => this with { Resume = true },
        _ => null,
    };

    /// <summary>These options with one more argument, or null if it is unknown or its value is out of range.</summary>
    private TrainingOptions? With(string name, string value) => (name, value) switch
    {
        ("--data", _) => this with { Data = value },
        ("--save", _) => this with { Save = value },
        ("--checkpoint", _) => this with { Checkpoint = value },
        ("--logs", _) => this with { Logs = value },
        ("--picture", _) => this with { Picture = value },
        ("--epochs", _) when Arguments.Whole(value) is int n and > 0 => this with { Epochs = n },
        ("--batch", _) when Arguments.Whole(value) is int n and > 0 => this with { Batch = n },
        ("--threads", _) when Arguments.Whole(value) is int n and <= 1024 => this with { Threads = n },
        ("--width", "128" or "256" or "512") => this with { Width = (VectorWidth)Arguments.Whole(value)!.Value },
        ("--seed", _) when Arguments.Seed(value) is ulong n => this with { Seed = n },
        ("--lr", _) when Arguments.Rate(value) is float x => this with { LearningRate = x },
        _ => null,
    };
}
