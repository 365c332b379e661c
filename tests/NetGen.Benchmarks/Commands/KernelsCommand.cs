using System.Globalization;
using NetGen.Benchmarks.Measurement;
using NetGen.Benchmarks.Networks;
using NetGen.Benchmarks.Reporting;

namespace NetGen.Benchmarks.Commands;

/// <summary><c>-- kernels</c>: every layer alone, forward and backward, with its fraction of the FMA peak.</summary>
/// <remarks>
/// A backward pass needs the activations of a forward pass, so forward + backward is what runs; the gradients' own times
/// are differences: weights = (forward + weight gradient) − forward, input = (forward + both) − (forward + weight gradient).
/// </remarks>
internal static class KernelsCommand
{
    private const int DefaultRounds = 15;
    private static readonly int[] DefaultBatches = [64];

    public static void Run(Options options)
    {
        var report = new MarkdownReport(options.MarkdownFile);
        report.Heading("Layers alone");
        MachineDescription.Write(report, options.VectorBits);
        report.Line();

        List<Type> types = [.. SingleLayers.All.Where(type => type.Name.Contains(options.Filter, StringComparison.OrdinalIgnoreCase))];
        if (types.Count == 0)
            throw new UsageException($"--filter '{options.Filter}' fits none "
                + $"of {string.Join(", ", SingleLayers.All.Select(type => type.Name))}.");

        var rows = new List<string[]>();
        var schedules = new List<string>();
        foreach (Type type in types)
        {
            foreach (int batch in options.Batches ?? DefaultBatches)
            {
                foreach (int threads in options.Threads)
                    rows.Add(Measure(new CompiledNetwork(type), batch, threads, options, schedules));
            }
        }

        report.Table(
            ["layer", "batch", "threads", "multiply-adds", "inference", "training forward", "weight gradient", "input gradient", "all "
                + "three", "FMA peak"],
            rows, rightAligned: 1);
        report.Line();
        report.Line((options.Summary.Best ? "Fastest rounds. " : "Medians. ")
            + "In brackets the fraction of the FMA peak measured in the same rounds, by the direct method's multiply-adds. "
            + "The gradients' times are differences between passes with and without them.");
        if (options.Schedule)
        {
            foreach (string schedule in schedules)
            {
                report.Line();
                report.Line(schedule);
            }
        }

        report.Save();
    }

    private static string[] Measure(CompiledNetwork network, int batch, int threads, Options options, List<string> schedules)
    {
        Console.Error.WriteLine($"… {network.Name} at batch {batch}, {threads} thread(s)");
        var passes = new List<Pass>();
        using SessionHandle session = network.CreateSession(batch, threads, options.VectorBits);
        passes.Add(new Pass(network, batch, session, null, false));
        schedules.Add($"{network.Name}, batch {batch}, {threads} thread(s), inference: {session.Schedule}");

        TrainerHandle? trainer = null;
        try
        {
            if (options.Training != false)
            {
                trainer = network.CreateTrainer(batch, threads, options.VectorBits);
                schedules.Add($"{network.Name}, batch {batch}, {threads} thread(s), training: {trainer.Schedule}");
                passes.Add(new Pass(network, batch, trainer, null, false));
                passes.Add(new Pass(network, batch, trainer, trainer.BackwardFromOutput, inputGradient: false));
                passes.Add(new Pass(network, batch, trainer, trainer.BackwardFromOutput, inputGradient: true));
            }

            using var peak = new FmaPeak(options.VectorBits, threads);
            (double[][] nanoseconds, _) = Tournament.Run([.. passes, peak], options.Effort(DefaultRounds));
            double[] times = [.. nanoseconds.Select(options.Summary.Of)];

            double peakGigaFlops = peak.FlopsPerIteration / times[^1];
            double flops = 2.0 * network.MultiplyAdds * batch;
            string Cell(double time, int matrixProducts)
                => time <= 0 ? Format.Missing : $"{Format.Time(time)} ({Format.Percent(matrixProducts * flops / time / peakGigaFlops)})";
            bool trained = trainer is not null;
            return [
                network.Name,
                batch.ToString(CultureInfo.InvariantCulture),
                threads.ToString(CultureInfo.InvariantCulture),
                network.MultiplyAdds.ToString("N0", CultureInfo.InvariantCulture),
                Cell(times[0], 1),
                trained ? Cell(times[1], 1) : Format.Missing,
                trained ? Cell(times[2] - times[1], 1) : Format.Missing,
                trained ? Cell(times[3] - times[2], 1) : Format.Missing,
                trained ? Cell(times[3], 3) : Format.Missing,
                Format.Number(peakGigaFlops),
            ];
        }
        finally
        {
            trainer?.Dispose();
        }
    }

    /// <summary>Forward, or forward and backward, of a one-layer network.</summary>
    private sealed class Pass : InProcessContender
    {
        private readonly Action _forward;
        private readonly Action? _backward;

        /// <param name="backward">Of the trainer, for the two gradients; null for the forward pass alone.</param>
        public Pass(CompiledNetwork network, int batch, Handle handle, Func<float[], float[], Action>? backward, bool inputGradient)
        {
            var random = new Random(7);
            _forward = handle.Forward(new Samples<float>(Signed(batch * network.InputSize)), new float[batch * network.OutputSize]);
            _backward = backward?.Invoke(
                Signed(batch * network.OutputSize), inputGradient ? new float[batch * network.InputSize] : []);

            float[] Signed(int length)
            {
                var values = new float[length];
                for (int i = 0; i < length; i++)
                    values[i] = 2 * random.NextSingle() - 1;
                return values;
            }
        }

        public override string Name => "NetGen";

        protected override void Run(int iterations)
        {
            for (int i = 0; i < iterations; i++)
            {
                _forward();
                _backward?.Invoke();
            }
        }
    }
}
