using System.Globalization;
using NetGen.Benchmarks.Measurement;

namespace NetGen.Benchmarks;

/// <summary>The command line is wrong; the message says how.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The command line.</summary>
internal sealed class Options
{
    public const string Usage = """
        usage: dotnet run -c Release --project tests/NetGen.Benchmarks -- COMMAND [OPTIONS]

          peers     whole networks beside ONNX Runtime, PyTorch and libtorch: inference and training step
          kernels   single layers, forward and backward, with the fraction of the FMA peak
          tiny      one forward of 16-32-16-4
          start     process start to first prediction, JIT and NativeAOT, with the size of what is deployed
          loader    training fed with arrays and by the data loader, with and without augmentation
          streams   one position at a time: tokens beside the memory's bandwidth, and samples of sound
          busy      one thread and more beside threads that only take time from the cores

          --networks A,B     only these (MnistConvNet, LeNet, …, TextCnn, Lstm, …, Encoder, Llama)
          --batches 1,64     only these batches
          --threads 1,2      only these thread counts
          --mode infer|train only one of the two
          --alone            peers: time NetGen only
          --filter TEXT      kernels: only those whose name contains TEXT
          --schedule         peers, kernels: print what each session and trainer runs
          --width BITS       vector width of NetGen and of the FMA peak (128, 256, 512; default: the best)
          --rounds N         turns of every contender (default 15; tiny 25, start 11)
          --turn MS          length of a turn in milliseconds (default 40)
          --best             the fastest round instead of the median, for a machine that is busy with other work
          --markdown FILE    write the report to FILE as well
          --peers DIR        where peers/install-peers.sh installed (default artifacts/peers)
          --python PATH      Python with PyTorch (default $PYTHON, then /usr/bin/python3)
        """;

    public string Command { get; private init; } = "";

    public IReadOnlyList<string>? Networks { get; private set; }

    public IReadOnlyList<int>? Batches { get; private set; }

    public IReadOnlyList<int> Threads { get; private set; } = [1, 2];

    /// <summary>Null for both, else whether only training runs.</summary>
    public bool? Training { get; private set; }

    /// <summary>Leave the peers out of what is timed.</summary>
    public bool Alone { get; private set; }

    public string Filter { get; private set; } = "";

    public bool Schedule { get; private set; }

    public int VectorBits { get; private set; } = FmaPeak.BestVectorBits;

    public int? Rounds { get; private set; }

    public double TurnMilliseconds { get; private set; } = 40;

    public Summary Summary { get; private set; } = new(Best: false);

    public string? MarkdownFile { get; private set; }

    public string? PeerFolder { get; private set; }

    public string? Python { get; private set; }

    /// <exception cref="UsageException">Unknown or malformed arguments.</exception>
    public static Options Parse(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0)
            throw new UsageException("A command is expected.");
        var options = new Options { Command = arguments[0] };
        for (int i = 1; i < arguments.Count; i++)
        {
            string name = arguments[i];
            switch (name)
            {
                case "--networks": options.Networks = Value().Split(','); break;
                case "--batches": options.Batches = Numbers(); break;
                case "--threads": options.Threads = Numbers(); break;
                case "--mode":
                    options.Training = Value() switch
                    {
                        "infer" => false,
                        "train" => true,
                        var other => throw new UsageException($"--mode expects infer or train, found '{other}'."),
                    };
                    break;
                case "--filter": options.Filter = Value(); break;
                case "--alone": options.Alone = true; break;
                case "--schedule": options.Schedule = true; break;
                case "--width":
                    options.VectorBits = Number(Value());
                    if (!FmaPeak.IsSupported(options.VectorBits))
                        throw new UsageException($"--width expects 128, 256 or 512 as far as this machine has it (up "
                            + $"to {FmaPeak.BestVectorBits}), found {options.VectorBits}.");
                    break;
                case "--rounds": options.Rounds = Number(Value()); break;
                case "--turn": options.TurnMilliseconds = Number(Value()); break;
                case "--best": options.Summary = new Summary(Best: true); break;
                case "--markdown": options.MarkdownFile = Value(); break;
                case "--peers": options.PeerFolder = Value(); break;
                case "--python": options.Python = Value(); break;
                default: throw new UsageException($"Unknown option '{name}'.");
            }

            string Value() => ++i < arguments.Count ? arguments[i] : throw new UsageException($"{name} expects a value.");
            int[] Numbers() => [.. Value().Split(',').Select(Number)];
            int Number(string text) =>
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
                    ? number
                    : throw new UsageException($"{name} expects numbers above zero, found '{text}'.");
        }

        return options;
    }

    public Effort Effort(int defaultRounds = 15) => new(Rounds ?? defaultRounds, TurnMilliseconds);
}
