using System.Diagnostics.CodeAnalysis;

namespace NetGen.Samples;

/// <summary>What the command line says.</summary>
internal sealed record TabularOptions
{
    public int Epochs { get; private init; } = 60;
    public int Batch { get; private init; } = 64;
    public float LearningRate { get; private init; } = 3e-3f;
    public ulong Seed { get; private init; } = 1;
    public int Runs { get; private init; } = 1;
    public int Threads { get; private init; }
    public VectorWidth Width { get; private init; } = VectorWidth.Auto;
    public bool Peer { get; private init; }
    public bool Load { get; private init; }
    public string Save { get; private init; } = "tabular.safetensors";
    public string? Row { get; private init; }
    public bool Help { get; private init; }

    /// <summary>The options in words, with what they are by default.</summary>
    public static string Usage { get; } = """
        Tells from twelve numbers of an electrical grid how stable it is: regression on a table of 10,000 simulated states, 7,000 to learn
        from, 1,500 to choose the epoch by and 1,500 to test on.

          --peer             trains ML.NET's FastTree on the same rows as well, its settings chosen by the same 1,500
          --runs N           trains N times, each with the next seed, and gives mean and deviation (1)
          --seed N           seed of the division of the rows, of initialisation and order (1)
          --row "a=1,b=2"    a state of yours to judge, all twelve numbers by their columns' names
          --load             judges by what an earlier training has learned, and trains nothing
          --epochs N         passes over the rows (60)
          --batch N          rows per step (64)
          --lr X             largest learning rate, of AdamW (0.003)
          --threads N        threads; 0 takes all cores (0)
          --width N          bits of the vectors: 128, 256 or 512 (the widest this processor has)
          --save FILE        where the best parameters go, and how rows are encoded (tabular.safetensors)
        """;

    /// <summary>Reads the arguments; on failure <paramref name="complaint"/> names the argument and what was expected.</summary>
    public static bool TryParse(string[] args, out TabularOptions options, [NotNullWhen(false)] out string? complaint)
        => Arguments.TryRead(args, new TabularOptions(), Usage, static (known, name) => known.Flag(name),
            static (known, name, value) => known.With(name, value), out options, out complaint);

    private TabularOptions? Flag(string name) => name switch
    {
        "--help" or "-h" => this with { Help = true },
        "--peer" => this with { Peer = true },
        "--load" => this with { Load = true },
        _ => null,
    };

    /// <summary>These options with one more argument, or null if it is unknown or its value is out of range.</summary>
    private TabularOptions? With(string name, string value) => (name, value) switch
    {
        ("--save", _) => this with { Save = value },
        ("--row", _) => this with { Row = value },
        ("--epochs", _) when Arguments.Whole(value) is int n and > 0 => this with { Epochs = n },
        ("--runs", _) when Arguments.Whole(value) is int n and > 0 and <= 100 => this with { Runs = n },
        ("--batch", _) when Arguments.Whole(value) is int n and > 0 and <= 1024 => this with { Batch = n },
        ("--threads", _) when Arguments.Whole(value) is int n and <= 1024 => this with { Threads = n },
        ("--width", "128" or "256" or "512") => this with { Width = (VectorWidth)Arguments.Whole(value)!.Value },
        ("--seed", _) when Arguments.Seed(value) is ulong n => this with { Seed = n },
        ("--lr", _) when Arguments.Rate(value) is float x => this with { LearningRate = x },
        _ => null,
    };
}
