using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NetGen.Samples.Serve;

/// <summary>What the command line says.</summary>
internal sealed record Options
{
    private static readonly CommandLine<Options> s_commandLine = new CommandLine<Options>(
        "Serves a trained network that recognises handwritten digits, a page to draw on, POST /predict and GET /health; or trains it "
            + "(--train).")
        .Value("--url", "URL", "where to listen; port 0 takes a free one (http://127.0.0.1:5080)", new ValueKind<string>(
            "an address as http://127.0.0.1:5080",
            static text => (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http", text)),
            static (known, value) => known with { Url = value })
        .Value("--model", "FILE", "parameters, as safetensors (digits.safetensors beside the program)", ValueKind.Text,
            static (known, value) => known with { Model = value })
        .Value("--max-batch", "N", "requests that are computed in one call (32)", ValueKind.Count,
            static (known, value) => known with { MaxBatch = value })
        .Value("--max-delay", "MS", "how long a request may wait for others to fill its batch (0: takes what is there)", new ValueKind<int>(
            "a whole number from 0",
            static text => (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value), value)),
            static (known, value) => known with { MaxDelay = value })
        .Value("--queue", "N", "requests that may wait; further ones get a 503 (1024)", ValueKind.Count,
            static (known, value) => known with { Queue = value })
        .Value("--train", "DIR", "train, from a folder of MNIST's four IDX files, plain or .gz", ValueKind.Text,
            static (known, value) => known with { Train = value })
        .Value("--epochs", "N", "of the training: passes over the images (6)", ValueKind.Count,
            static (known, value) => known with { Epochs = value })
        .Value("--seed", "N", "of the training: seed of initialisation, order and shifts (1)", ValueKind.Seed,
            static (known, value) => known with { Seed = value })
        .Value("--save", "FILE", "of the training: where the parameters go (digits.safetensors)", ValueKind.Text,
            static (known, value) => known with { Save = value });

    public string Url { get; private init; } = "http://127.0.0.1:5080";
    public string Model { get; private init; } = Path.Combine(AppContext.BaseDirectory, "digits.safetensors");
    public int MaxBatch { get; private init; } = 32;
    public int MaxDelay { get; private init; }
    public int Queue { get; private init; } = 1024;
    public string? Train { get; private init; }
    public int Epochs { get; private init; } = 6;
    public ulong Seed { get; private init; } = 1;
    public string Save { get; private init; } = "digits.safetensors";

    /// <summary>Reads the arguments; otherwise the program ends with <paramref name="exitCode"/>.</summary>
    public static bool TryRead(string[] args, [NotNullWhen(true)] out Options? options, out int exitCode)
        => s_commandLine.TryRead(args, new Options(), out options, out exitCode);
}
