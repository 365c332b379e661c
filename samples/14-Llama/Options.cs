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

    public Device Device { get; private init; } = Device.Cpu;

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

    /// <summary>Reads the arguments; otherwise the program ends with <paramref name="exitCode"/>.</summary>
    public static bool TryRead(string[] args, [NotNullWhen(true)] out Options? options, out int exitCode)
    {
        var defaults = new Options();
        return CommandLine(defaults).TryRead(args, defaults, out options, out exitCode);
    }

    private static CommandLine<Options> CommandLine(Options defaults)
    {
        return new CommandLine<Options>("Trains a small LLaMA on Shakespeare's plays, then writes with it, token by token.")
            .Value("--steps", "N", $"steps of training, those before a checkpoint included ({defaults.Steps})", ValueKind.Count,
                static (known, value) => known with { Steps = value })
            .Value("--batch", "N", $"windows of {Llama.Length} tokens a step ({defaults.Batch})", ValueKind.Whole(1, 1024),
                static (known, value) => known with { Batch = value })
            .Value("--lr", "X", $"largest learning rate ({Text(defaults.LearningRate)})", ValueKind.Rate,
                static (known, value) => known with { LearningRate = value })
            .Value("--seed", "N", $"seed of initialisation, windows, dropout and text ({defaults.Seed})", ValueKind.Seed,
                static (known, value) => known with { Seed = value })
            .Value("--threads", "N", $"threads of the training; 0 takes all cores ({defaults.Threads})", ValueKind.Threads,
                static (known, value) => known with { Threads = value })
            .Value("--device", "D", "what it trains on: cpu, or cuda for an NVIDIA GPU (cpu)", ValueKind.Device,
                static (known, value) => known with { Device = value })
            .Flag("--resume", "go on from the checkpoint, if there is one; Ctrl+C leaves one", static known => known with { Resume = true })
            .Value("--checkpoint", "FILE", $"where the checkpoint is ({defaults.Checkpoint})", ValueKind.Text,
                static (known, value) => known with { Checkpoint = value })
            .Value("--logs", "DIR", $"where the logs for TensorBoard go ({defaults.Logs})", ValueKind.Text,
                static (known, value) => known with { Logs = value })
            .Value("--save", "FILE", "write the trained parameters, as safetensors", ValueKind.Text,
                static (known, value) => known with { Save = value })
            .Value("--load", "FILE", "do not train, but take the parameters from here", ValueKind.Text,
                static (known, value) => known with { Load = value })
            .Flag("--classify", "then learn which sentences of reviews are positive, with the trained layers and without",
                static known => known with { Classify = true })
            .Value("--epochs", "N", $"passes over the sentences ({defaults.ClassifierEpochs})", ValueKind.Count,
                static (known, value) => known with { ClassifierEpochs = value })
            .Value("--prompt", "TEXT", $"how the text begins ({defaults.Prompt})", ValueKind.Text,
                static (known, value) => known with { Prompt = value })
            .Value("--tokens", "N", $"how many tokens follow ({defaults.NewTokens})", ValueKind.Count,
                static (known, value) => known with { NewTokens = value })
            .Value("--temperature", "X", $"what logits are divided by; 0 takes the likeliest token ({Text(defaults.Temperature)})",
                ValueKind.Number("a number of at least 0", number => number >= 0),
                static (known, value) => known with { Temperature = value })
            .Value("--top-k", "N", $"only from so many likeliest tokens; 0 from all ({defaults.TopK})",
                ValueKind.Whole(0, Llama.Vocabulary),
                static (known, value) => known with { TopK = value })
            .Value("--top-p", "X", $"only from the likeliest that have this probability together ({Text(defaults.TopP)})",
                ValueKind.Number("a number above 0, up to 1", number => number is > 0 and <= 1),
                static (known, value) => known with { TopP = value })
            .Value("--repetition-penalty", "X", $"makes tokens that were there rarer, above 1 ({Text(defaults.RepetitionPenalty)})",
                ValueKind.Rate, static (known, value) => known with { RepetitionPenalty = value });
    }

    private static string Text(float number) => number.ToString(CultureInfo.InvariantCulture);
}
