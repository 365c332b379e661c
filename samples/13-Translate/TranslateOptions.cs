using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NetGen.Samples;

/// <summary>What the command line says.</summary>
internal sealed record TranslateOptions
{
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
    public bool Help { get; private init; }

    /// <summary>The options in words, with what they are by default.</summary>
    public static string Usage { get; } = string.Create(CultureInfo.InvariantCulture, $"""
        Learns to write dates, in words and in many forms, as 1987-03-14: an encoder reads the characters, and a decoder looks at what it
        made of them before each that it writes.

          --say "TEXT"       a date of yours, to be translated; may be given several times
          --load             translates by what an earlier training has learned, and trains nothing
          --dates N          dates to learn from, each written in one form ({DateSets.MostToLearnFrom:N0})
          --epochs N         passes over the dates, those before a checkpoint included (6)
          --batch N          dates per step (64)
          --lr X             learning rate of Adam in the first epoch (0.003)
          --seed N           seed of initialisation and order (1)
          --threads N        threads; 0 takes all cores (0)
          --width N          bits of the vectors: 128, 256 or 512 (the widest this processor has)
          --resume           go on from the checkpoint, if there is one; Ctrl+C leaves one
          --checkpoint FILE  where the checkpoint is (translate.checkpoint.safetensors)
          --save FILE        where the best parameters go (translate.safetensors)
          --logs DIR         where the logs for TensorBoard go (runs/translate)
          --picture FILE     where the picture of the attention goes (attention.png)
        """);

    /// <summary>Reads the arguments; on failure <paramref name="complaint"/> names the argument and what was expected.</summary>
    public static bool TryParse(string[] args, out TranslateOptions options, [NotNullWhen(false)] out string? complaint)
    {
        if (!Arguments.TryRead(args, new TranslateOptions(), Usage, static (known, name) => known.Flag(name),
            static (known, name, value) => known.With(name, value), out options, out complaint))
        {
            return false;
        }

        foreach (string text in options.Say)
        {
            if (WrittenDate.Encode(text, out string why) is null)
            {
                complaint = $"--say \"{text}\": {why}";
                return false;
            }
        }

        return true;
    }

    private TranslateOptions? Flag(string name) => name switch
    {
        "--help" or "-h" => this with { Help = true },
        "--resume" => this with { Resume = true },
        "--load" => this with { Load = true },
        _ => null,
    };

    /// <summary>These options with one more argument, or null if it is unknown or its value is out of range.</summary>
    private TranslateOptions? With(string name, string value) => (name, value) switch
    {
        ("--say", _) => this with { Say = [.. Say, value] },
        ("--save", _) => this with { Save = value },
        ("--checkpoint", _) => this with { Checkpoint = value },
        ("--logs", _) => this with { Logs = value },
        ("--picture", _) => this with { Picture = value },
        ("--dates", _) when Arguments.Whole(value) is int n and > 0 && n <= DateSets.MostToLearnFrom => this with { Dates = n },
        ("--epochs", _) when Arguments.Whole(value) is int n and > 0 => this with { Epochs = n },
        ("--batch", _) when Arguments.Whole(value) is int n and > 0 and <= 1024 => this with { Batch = n },
        ("--threads", _) when Arguments.Whole(value) is int n and <= 1024 => this with { Threads = n },
        ("--width", "128" or "256" or "512") => this with { Width = (VectorWidth)Arguments.Whole(value)!.Value },
        ("--seed", _) when Arguments.Seed(value) is ulong n => this with { Seed = n },
        ("--lr", _) when Arguments.Rate(value) is float x => this with { LearningRate = x },
        _ => null,
    };
}
