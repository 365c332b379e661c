using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NetGen.Samples.Language;

/// <summary>What the command line says.</summary>
internal sealed record Options
{
    public int Steps { get; private init; } = 1500;

    public int Batch { get; private init; } = 16;

    public float LearningRate { get; private init; } = 3e-3f;

    public ulong Seed { get; private init; } = 1;

    public int Threads { get; private init; }

    public bool Resume { get; private init; }

    public string Checkpoint { get; private init; } = "llama.checkpoint.safetensors";

    public string Logs { get; private init; } = "runs/llama";

    public string? Save { get; private init; }

    public string? Load { get; private init; }

    public string Prompt { get; private init; } = "ROMEO:";

    public int NewTokens { get; private init; } = 250;

    public float Temperature { get; private init; } = 0.8f;

    public int TopK { get; private init; } = 50;

    public float TopP { get; private init; } = 0.95f;

    public float RepetitionPenalty { get; private init; } = 1;

    public bool Classify { get; private init; }

    public int ClassifierEpochs { get; private init; } = 8;

    public bool Help { get; private init; }

    public static string Usage
    {
        get
        {
            var defaults = new Options();
            return string.Create(CultureInfo.InvariantCulture, $"""
                Trains a small LLaMA on Shakespeare's plays, then writes with it, token by token.

                  --steps N               steps of training, those before a checkpoint included ({defaults.Steps})
                  --batch N               windows of {Llama.Length} tokens a step ({defaults.Batch})
                  --lr X                  largest learning rate ({defaults.LearningRate})
                  --seed N                seed of initialisation, windows, dropout and text ({defaults.Seed})
                  --threads N             threads of the training; 0 takes all cores ({defaults.Threads})
                  --resume                go on from the checkpoint, if there is one; Ctrl+C leaves one
                  --checkpoint FILE       where the checkpoint is ({defaults.Checkpoint})
                  --logs DIR              where the logs for TensorBoard go ({defaults.Logs})
                  --save FILE             write the trained parameters, as safetensors
                  --load FILE             do not train, but take the parameters from here

                  --classify              then learn which sentences of reviews are positive, with the trained layers and without
                  --epochs N              passes over the sentences ({defaults.ClassifierEpochs})

                  --prompt TEXT           how the text begins ({defaults.Prompt})
                  --tokens N              how many tokens follow ({defaults.NewTokens})
                  --temperature X         what logits are divided by; 0 takes the likeliest token ({defaults.Temperature})
                  --top-k N               only from so many likeliest tokens; 0 from all ({defaults.TopK})
                  --top-p X               only from the likeliest that have this probability together ({defaults.TopP})
                  --repetition-penalty X  makes tokens that were there rarer, above 1 ({defaults.RepetitionPenalty})
                """);
        }
    }

    /// <summary>Reads the arguments; on failure <paramref name="complaint"/> names the argument and what was expected.</summary>
    public static bool TryParse(string[] args, out Options options, [NotNullWhen(false)] out string? complaint)
        => Arguments.TryRead(args, new Options(), Usage, static (known, name) => known.Flag(name),
            static (known, name, value) => known.With(name, value), out options, out complaint);

    private Options? Flag(string name) => name switch
    {
        "--help" or "-h" => this with { Help = true },
        "--classify" => this with { Classify = true },
        "--resume" => this with { Resume = true },
        _ => null,
    };

    private Options? With(string name, string value) => (name, value) switch
    {
        ("--checkpoint", _) => this with { Checkpoint = value },
        ("--logs", _) => this with { Logs = value },
        ("--save", _) => this with { Save = value },
        ("--load", _) => this with { Load = value },
        ("--prompt", _) => this with { Prompt = value },
        ("--steps", _) when Arguments.Whole(value) is int n and > 0 => this with { Steps = n },
        ("--batch", _) when Arguments.Whole(value) is int n and > 0 and <= 1024 => this with { Batch = n },
        ("--threads", _) when Arguments.Whole(value) is int n and <= 1024 => this with { Threads = n },
        ("--seed", _) when Arguments.Seed(value) is ulong n => this with { Seed = n },
        ("--lr", _) when Arguments.Rate(value) is float x => this with { LearningRate = x },
        ("--epochs", _) when Arguments.Whole(value) is int n and > 0 => this with { ClassifierEpochs = n },
        ("--tokens", _) when Arguments.Whole(value) is int n and > 0 => this with { NewTokens = n },
        ("--temperature", _) when Number(value) is float x => this with { Temperature = x },
        ("--top-k", _) when Arguments.Whole(value) is int n and <= Llama.Vocabulary => this with { TopK = n },
        ("--top-p", _) when Number(value) is float x and > 0 and <= 1 => this with { TopP = x },
        ("--repetition-penalty", _) when Arguments.Rate(value) is float x => this with { RepetitionPenalty = x },
        _ => null,
    };

    private static float? Number(string value) => value == "0" ? 0 : Arguments.Rate(value);
}
