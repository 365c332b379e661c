using System.Diagnostics.CodeAnalysis;

namespace NetGen.Samples;

/// <summary>What the command line says.</summary>
internal sealed record TabularOptions
{
    private static readonly CommandLine<TabularOptions> s_commandLine = new CommandLine<TabularOptions>(
        "Tells from twelve numbers of an electrical grid how stable it is: regression on a table of 10,000 simulated states, 7,000 to learn "
            + "from, 1,500 to choose the epoch by and 1,500 to test on.")
        .Flag("--peer", "trains ML.NET's FastTree on the same rows as well, its settings chosen by the same 1,500",
            static known => known with { Peer = true })
        .Value("--runs", "N", "trains N times, each with the next seed, and gives mean and deviation (1)", ValueKind.Whole(1, 100),
            static (known, value) => known with { Runs = value })
        .Value("--seed", "N", "seed of the division of the rows, of initialisation and order (1)", ValueKind.Seed,
            static (known, value) => known with { Seed = value })
        .Value("--row", "CELLS", "a state of yours to judge, all twelve numbers by their columns' names: \"a=1,b=2\"", ValueKind.Text,
            static (known, value) => known with { Row = value })
        .Flag("--load", "judges by what an earlier training has learned, and trains nothing", static known => known with { Load = true })
        .Value("--epochs", "N", "passes over the rows (60)", ValueKind.Count, static (known, value) => known with { Epochs = value })
        .Value("--batch", "N", "rows per step (64)", ValueKind.Whole(1, 1024), static (known, value) => known with { Batch = value })
        .Value("--lr", "X", "largest learning rate, of AdamW (0.003)", ValueKind.Rate,
            static (known, value) => known with { LearningRate = value })
        .Value("--threads", "N", "threads; 0 takes all cores (0)", ValueKind.Threads,
            static (known, value) => known with { Threads = value })
        .Value("--width", "N", "bits of the vectors: 128, 256 or 512 (the widest this processor has)", ValueKind.Width,
            static (known, value) => known with { Width = value })
        .Value("--save", "FILE", "where the best parameters go, and how rows are encoded (tabular.safetensors)", ValueKind.Text,
            static (known, value) => known with { Save = value });

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

    /// <summary>Reads the arguments; otherwise the program ends with <paramref name="exitCode"/>.</summary>
    public static bool TryRead(string[] args, [NotNullWhen(true)] out TabularOptions? options, out int exitCode)
        => s_commandLine.TryRead(args, new TabularOptions(), out options, out exitCode);
}
