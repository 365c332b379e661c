using NetGen.Benchmarks.Contenders;
using NetGen.Benchmarks.Measurement;
using NetGen.Benchmarks.Networks;
using NetGen.Benchmarks.Reporting;

namespace NetGen.Benchmarks.Commands;

/// <summary><c>-- tiny</c>: one sample through 16-32-16-4, where the cost of a call is what counts.</summary>
internal static class TinyCommand
{
    private const int DefaultRounds = 25;
    private const double WantedNanoseconds = 200;

    public static void Run(Options options)
    {
        var report = new MarkdownReport(options.MarkdownFile);
        using var peers = new PeerInstallation(options);
        Workload workload = Workload.Tiny;
        report.Heading("One forward of 16-32-16-4, one sample, one thread");
        MachineDescription.Write(report, options.VectorBits);
        report.Line($"- ONNX Runtime: {peers.OnnxRuntimeStatus}");
        report.Line($"- PyTorch: {peers.PyTorchStatus}");
        Agreement.Verify(workload, peers, options, report);
        report.Line();

        var contenders = new List<Contender> { new TinyContender(workload, options.VectorBits, peers.ParameterFile(workload)) };
        try
        {
            if (peers.OnnxRuntime is not null)
            {
                contenders.Add(peers.CreateOnnxRuntime(workload, threads: 1, batch: 1));
            }

            if (peers.HasPyTorch)
                contenders.Add(new PyTorchContender(peers.PyTorch(1), PyTorchMode.Inference, workload.Name, batch: 1));

            (double[][] nanoseconds, _) = Tournament.Run(contenders, options.Effort(DefaultRounds));
            var rows = new List<string[]>();
            for (int i = 0; i < contenders.Count; i++)
            {
                rows.Add([
                    contenders[i].Name,
                    Format.Time(options.Summary.Of(nanoseconds[i])),
                    i == 0 ? "" : Format.Ratio(options.Summary.Ratio(nanoseconds[i], nanoseconds[0])),
                ]);
            }

            report.Table(["", options.Summary.Name, "NetGen is faster by"], rows, rightAligned: 1);
            double found = options.Summary.Of(nanoseconds[0]);
            report.Line();
            report.Line($"Wanted: under {Format.Time(WantedNanoseconds)}; {(found < WantedNanoseconds ? "met" : "**not "
                + "met**")}. {workload.MultiplyAdds} multiply-adds.");
            report.Save();
        }
        finally
        {
            foreach (Contender contender in contenders)
                contender.Dispose();
        }
    }

    /// <summary>Calls the generated session itself: a delegate would be a part of what is measured.</summary>
    private sealed class TinyContender : InProcessContender
    {
        private readonly Tiny.Session _session;
        private readonly float[] _input, _output;

        public TinyContender(Workload workload, int vectorBits, string? parameterFile)
        {
            Tiny network = parameterFile is null ? new Tiny(seed: 1) : Tiny.Load(parameterFile);
            _session = network.CreateSession(maxBatch: 1, new SessionOptions { VectorWidth = (VectorWidth)vectorBits });
            _input = ((Samples<float>)workload.Samples(1)).Values;
            _output = new float[workload.OutputSize];
        }

        public override string Name => "NetGen";

        public override void Dispose() => _session.Dispose();

        protected override void Run(int iterations)
        {
            for (int i = 0; i < iterations; i++)
                _session.Forward(_input, _output);
        }
    }
}
