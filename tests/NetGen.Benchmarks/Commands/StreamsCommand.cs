using NetGen.Benchmarks.Measurement;
using NetGen.Benchmarks.Networks;
using NetGen.Benchmarks.Reporting;
using NetGen.CompilerServices;

namespace NetGen.Benchmarks.Commands;

/// <summary>
/// <c>-- streams</c>: one position at a time on one thread. Tokens of language models, with how fast their weights are read beside how fast
/// memory is; and samples of sound.
/// </summary>
internal static class StreamsCommand
{
    private const double WantedOfBandwidth = 0.85, WantedNanoseconds = 200;

    public static void Run(Options options)
    {
        var report = new MarkdownReport(options.MarkdownFile);
        report.Heading("Streams, one position at a time, one thread");
        MachineDescription.Write(report, options.VectorBits);
        report.Line();
        var width = new SessionOptions { VectorWidth = (VectorWidth)options.VectorBits };
        WriteTokens(report, options, width);
        report.Line();
        WriteSound(report, options, width);
        report.Save();
    }

    private static void WriteTokens(MarkdownReport report, Options options, SessionOptions width)
    {
        using AlignedBuffer buffer = MemoryReading.Allocate();
        TokenContender[] models =
        [
            TokenContender.Of("Llama, 256 × 4 layers", new LlamaWriter(seed: 1), net => net.CreateStream(width)),
            TokenContender.Of("Llama, 1024 × 16 layers", new LargeWriter(seed: 1), net => net.CreateStream(width)),
            TokenContender.Of("Llama, 1024 × 16 layers", new LargeWriterOf16Bits(seed: 1), net => net.CreateStream(width)),
        ];
        Contender[] contenders = [new MemoryReading(buffer, inPlaces: false), new MemoryReading(buffer, inPlaces: true), .. models];
        try
        {
            (double[][] nanoseconds, _) = Tournament.Run(contenders, options.Effort());
            double memory = MemoryReading.Bytes / nanoseconds[..2].Min(options.Summary.Of);
            var rows = new List<string[]>();
            for (int i = 0; i < models.Length; i++)
            {
                double time = options.Summary.Of(nanoseconds[2 + i]), speed = models[i].WeightBytes / time;
                rows.Add([
                    models[i].Name, models[i].Format, $"{models[i].WeightBytes / 1e6:F0} MB", Format.Time(time), $"{speed:F1} GB/s",
                    Format.Percent(speed / memory),
                ]);
            }
            report.Table(
                ["a token of", "weights", "read", options.Summary.Name, "reads at", "of the memory's bandwidth"], rows, rightAligned: 2);
            report.Line();
            report.Line($"One thread reads {memory:F1} GB/s of {MemoryReading.Bytes >> 20} MiB. Weights are the matrices that every token is "
                + $"multiplied with. Wanted of the large ones: {Format.Percent(WantedOfBandwidth)}. The small one has at most "
                + $"{models[0].WeightBytes / 1e6:F0} MB, which a cache may hold.");
        }
        finally
        {
            foreach (Contender contender in contenders)
                contender.Dispose();
        }
    }

    private static void WriteSound(MarkdownReport report, Options options, SessionOptions width)
    {
        Contender[] contenders = [new RecurrentContender(width), new DilatedContender(width)];
        try
        {
            (double[][] nanoseconds, _) = Tournament.Run(contenders, options.Effort());
            report.Table(["a sample of sound", options.Summary.Name, "times real time at 48 kHz"],
                [.. contenders.Select((contender, i) => new[]
                {
                    contender.Name, Format.Time(options.Summary.Of(nanoseconds[i])),
                    $"{1e9 / 48_000 / options.Summary.Of(nanoseconds[i]):F0}",
                })], rightAligned: 1);
            report.Line();
            double found = options.Summary.Of(nanoseconds[0]);
            report.Line($"Wanted of the LSTM: under {Format.Time(WantedNanoseconds)}; "
                + $"{(found < WantedNanoseconds ? "met" : "**not met**")}.");
        }
        finally
        {
            foreach (Contender contender in contenders)
                contender.Dispose();
        }
    }

    /// <summary>Token after token at the positions from 1 to 128.</summary>
    private sealed class TokenContender(string name, IReadOnlyList<Parameter> parameters, ITokenStream stream) : InProcessContender
    {
        private readonly int[] _token = [1];
        private readonly float[] _logits = new float[stream.OutputSize];

        public override string Name => name;

        public string Format => parameters.Any(parameter => parameter.Format == WeightFormat.BFloat16) ? "bfloat16" : "float32";

        /// <summary>The matrices that each token is multiplied with; of the table of tokens one row is read.</summary>
        public double WeightBytes { get; } = parameters.Where(parameter => parameter.Shape.Length == 2 && !parameter.IsTable)
            .Sum(parameter => (double)parameter.Length * (parameter.Format == WeightFormat.BFloat16 ? 2 : 4));

        public static TokenContender Of<TNetwork>(string name, TNetwork network, Func<TNetwork, ITokenStream> create)
            where TNetwork : INetwork
            => new(name, network.Parameters, create(network));

        public override void Dispose() => stream.Dispose();

        protected override void Run(int iterations)
        {
            for (int i = 0; i < iterations; i++)
            {
                if (stream.Position == stream.Capacity)
                    stream.Reset();
                stream.Step(_token, _logits);
            }
        }
    }

    private sealed class RecurrentContender(SessionOptions options) : InProcessContender
    {
        private readonly RecurrentEffect.Stream _stream = new RecurrentEffect(seed: 1).CreateStream(options);
        private readonly float[] _input = [0.25f], _output = new float[1];

        public override string Name => "LSTM(16), Linear(1)";

        public override void Dispose() => _stream.Dispose();

        protected override void Run(int iterations)
        {
            for (int i = 0; i < iterations; i++)
                _stream.Step(_input, _output);
        }
    }

    private sealed class DilatedContender(SessionOptions options) : InProcessContender
    {
        private readonly DilatedEffect.Stream _stream = new DilatedEffect(seed: 1).CreateStream(options);
        private readonly float[] _input = [0.25f], _output = new float[1];

        public override string Name => "8 × Conv1d(8, 3), dilations 1 to 128, Tanh";

        public override void Dispose() => _stream.Dispose();

        protected override void Run(int iterations)
        {
            for (int i = 0; i < iterations; i++)
                _stream.Step(_input, _output);
        }
    }
}
