namespace NetGen.Samples.Serve;

/// <summary>What the command line says.</summary>
internal sealed record Options
{
    public const string Usage = """
        Serves a trained network that recognises handwritten digits: a page to draw on, POST /predict, GET /health.

          --url URL       where to listen; port 0 takes a free one (http://127.0.0.1:5080)
          --model FILE    parameters, as safetensors (digits.safetensors beside the program)
          --max-batch N   requests that are computed in one call (32)
          --max-delay MS  how long a request may wait for others to fill its batch (0: takes what is there)
          --queue N       requests that may wait; further ones get a 503 (1024)

        Or trains it:

          --train DIR     folder of MNIST's four IDX files, plain or .gz
          --epochs N      passes over the training images (6)
          --seed N        seed of initialisation, order and shifts (1)
          --save FILE     where the parameters go (digits.safetensors)
        """;

    public string Url { get; private init; } = "http://127.0.0.1:5080";
    public string Model { get; private init; } = Path.Combine(AppContext.BaseDirectory, "digits.safetensors");
    public int MaxBatch { get; private init; } = 32;
    public int MaxDelay { get; private init; }
    public int Queue { get; private init; } = 1024;
    public string? Train { get; private init; }
    public int Epochs { get; private init; } = 6;
    public ulong Seed { get; private init; } = 1;
    public string Save { get; private init; } = "digits.safetensors";
    public bool Help { get; private init; }

    /// <summary>Reads the arguments.</summary>
    /// <returns>The options, or null and what is wrong.</returns>
    public static (Options? Options, string Complaint) Parse(string[] args) =>
        Arguments.TryRead(args, new Options(), Usage, static (known, name) => name is "--help" or "-h" ? known with { Help = true } : null,
            static (known, name, value) => known.With(name, value), out Options options, out string? complaint)
                ? (options, "") : (null, complaint);

    /// <summary>These options with one more argument, or null if it is unknown or its value is out of range.</summary>
    private Options? With(string name, string value) => (name, value) switch
    {
        ("--url", _) when Uri.TryCreate(value, UriKind.Absolute, out Uri? url) && url.Scheme is "http" => this with { Url = value },
        ("--model", _) => this with { Model = value },
        ("--max-batch", _) when Arguments.Whole(value) is int n and > 0 => this with { MaxBatch = n },
        ("--max-delay", _) when Arguments.Whole(value) is int n and >= 0 => this with { MaxDelay = n },
        ("--queue", _) when Arguments.Whole(value) is int n and > 0 => this with { Queue = n },
        ("--train", _) => this with { Train = value },
        ("--save", _) => this with { Save = value },
        ("--epochs", _) when Arguments.Whole(value) is int n and > 0 => this with { Epochs = n },
        ("--seed", _) when Arguments.Seed(value) is ulong n => this with { Seed = n },
        _ => null,
    };
}
